"""`{% get_current_language_bidi %}`."""

import pytest
from django.utils import translation

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    "{% get_current_language_bidi as b %}{{ b }}{{ b|yesno }}",
    "{% with b=1 %}{% get_current_language_bidi as b %}{{ b }}{{ b|yesno }}{% endwith %}{{ b }}",
    "{% language 'ar' %}{% get_current_language_bidi as b %}{% endlanguage %}{{ b }}{{ b|yesno }}",
    "{% for x in 'ab' %}{% get_current_language_bidi as b %}{{ b }}{{ b|yesno }}"
    "{% endfor %}{{ b }}",
    "{% get_current_language_bidi as 'quoted' %}"
    "{% get_current_language_bidi\tas  b %}{{ b }}{{ b|yesno }}",
]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("language", ["en", "de", "ar", None])
def test_get_current_language_bidi(source, language):
    with translation.override(language):
        assert_same("{% load i18n %}" + source)


@pytest.mark.parametrize(
    "source",
    [
        "{% get_current_language_bidi %}",
        "{% get_current_language_bidi b %}",
        "{% get_current_language_bidi in b %}",
        "{% get_current_language_bidi as %}",
        "{% get_current_language_bidi as a b %}",
    ],
)
def test_malformed(source):
    assert_same_error("{% load i18n %}" + source)
