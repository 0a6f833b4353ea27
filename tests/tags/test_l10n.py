"""The tags and filters of `{% load l10n %}`."""

from datetime import date

import pytest
from django.test import override_settings
from django.utils import translation

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    "{{ n }}{% localize off %}{{ n }}{{ d }}{{ f|floatformat }}{% endlocalize %}{{ n }}",
    "{% localize on %}{{ n }}{{ d }}{{ f }}{% endlocalize %}",
    "{{ n|localize }}{{ n|unlocalize }}{{ f|unlocalize }}{{ d|localize }}",
    "{% localize off %}{% for i in l %}{{ i }}{% include 'part.html' %}{% endfor %}"
    "{% endlocalize %}",
]


@override_settings(USE_THOUSAND_SEPARATOR=True)
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("language", ["en", "de"])
def test_l10n(source, language):
    context = {"n": 1234567, "f": 1234.5, "d": date(2024, 2, 3), "l": [1234.5]}
    with translation.override(language):
        assert_same("{% load l10n %}" + source, context, {"part.html": "{{ n }}"})


def test_malformed():
    assert_same_error("{% load l10n %}{% localize x %}{% endlocalize %}")
