"""`{% csrf_token %}`."""

import warnings

import pytest
from django.test import RequestFactory, override_settings
from django.utils.functional import lazystr

from tests.oracle import assert_same

SOURCE = "<form>{% csrf_token %}</form>{{ csrf_token }}"


@pytest.mark.parametrize("token", ["abc", "<evil>", "NOTPROVIDED", "", None, lazystr("lazy"), 5])
def test_tokens(token):
    assert_same(SOURCE, {"csrf_token": token})


def test_without_a_token():
    assert_same(SOURCE)


def test_without_a_token_django_warns_under_debug():
    with override_settings(DEBUG=True), warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        assert_same(SOURCE)
    assert len({str(one.message) for one in seen}) == 1
    assert len(seen) % 2 == 0


def test_of_a_request():
    request = RequestFactory().get("/")
    request.META["CSRF_COOKIE"] = "a" * 32
    template = "{% csrf_token %}{% if csrf_token %}yes{% endif %}"
    from django.template import engines

    pattern = r'value="\w+"'
    import re

    texts = {
        re.sub(pattern, "", engines[name].from_string(template).render({}, request))
        for name in ("django", "oracle")
    }
    assert len(texts) == 1 and 'name="csrfmiddlewaretoken"' in texts.pop()
