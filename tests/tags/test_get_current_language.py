"""`{% get_current_language %}`."""

import pytest
from django.utils import translation

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    "{% get_current_language as code %}{{ code }}",
    "{% with code=1 %}{% get_current_language as code %}{{ code }}{% endwith %}{{ code }}",
    "{% language 'ar' %}{% get_current_language as code %}{% endlanguage %}{{ code }}",
    "{% for x in 'ab' %}{% get_current_language as code %}{{ code }}{% endfor %}{{ code }}",
    "{% get_current_language as 'quoted' %}{% get_current_language\tas  code %}{{ code }}",
]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("language", ["en", "de", "ar", None])
def test_get_current_language(source, language):
    with translation.override(language):
        assert_same("{% load i18n %}" + source)


@pytest.mark.parametrize(
    "source",
    [
        "{% get_current_language %}",
        "{% get_current_language code %}",
        "{% get_current_language in code %}",
        "{% get_current_language as %}",
        "{% get_current_language as a b %}",
    ],
)
def test_malformed(source):
    assert_same_error("{% load i18n %}" + source)
