"""`{% cache %}`."""

import pytest
from django.core.cache import cache

from tests.oracle import assert_same, assert_same_error


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.mark.parametrize(
    "source",
    [
        "{% load cache %}{% cache 100 name %}[{{ a }}]{% endcache %}",
        "{% load cache %}{% cache 100 name2 a b %}[{{ a }}]{% endcache %}",
        "{% load cache %}{% for i in l %}{% cache 100 loop i %}{{ i }}{% endcache %}{% endfor %}",
        "{% load cache %}{% cache None forever %}{{ a }}{% endcache %}",
        "{% load cache %}{% cache t name3 using='default' %}{{ a }}{% endcache %}",
        "{% load cache %}{% cache 0 never %}{% cycle 1 2 %}{% endcache %}",
    ],
)
def test_cache(source):
    assert_same(source, {"a": "<a>", "b": 2, "l": [1, 2, 1], "t": "5"})


def test_a_cached_fragment_does_not_render_its_content():
    from django.template import engines

    source = "{% load cache %}{% cache 100 kept %}{{ call }}{% endcache %}"
    calls = []
    template = engines["django"].from_string(source)
    for _ in range(3):
        assert template.render({"call": lambda: calls.append(1) or "once"}) == "once"
    assert len(calls) == 1


@pytest.mark.parametrize(
    "source",
    [
        "{% load cache %}{% cache %}{% endcache %}",
        "{% load cache %}{% cache 100 %}{% endcache %}",
        "{% load cache %}{% cache x name %}{% endcache %}",
        "{% load cache %}{% cache 'x' name %}{% endcache %}",
        "{% load cache %}{% cache 100 name using='nowhere' %}{% endcache %}",
    ],
)
def test_failures(source):
    assert_same_error(source)
