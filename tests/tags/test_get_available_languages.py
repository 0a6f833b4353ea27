"""`{% get_available_languages %}`."""

import pytest
from django.utils import translation

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    "{% get_available_languages as all %}{% for c, n in all %}{{ c }}={{ n }};{% endfor %}",
    "{% with all=1 %}{% get_available_languages as all %}"
    "{% for c, n in all %}{{ c }}={{ n }};{% endfor %}{% endwith %}{{ all }}",
    "{% language 'ar' %}{% get_available_languages as all %}{% endlanguage %}"
    "{% for c, n in all %}{{ c }}={{ n }};{% endfor %}",
    "{% for x in 'ab' %}{% get_available_languages as all %}"
    "{% for c, n in all %}{{ c }}={{ n }};{% endfor %}{% endfor %}{{ all }}",
    "{% get_available_languages as 'quoted' %}{% get_available_languages\tas  all %}"
    "{% for c, n in all %}{{ c }}={{ n }};{% endfor %}",
]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("language", ["en", "de", "ar", None])
def test_get_available_languages(source, language):
    with translation.override(language):
        assert_same("{% load i18n %}" + source)


@pytest.mark.parametrize(
    "source",
    [
        "{% get_available_languages %}",
        "{% get_available_languages all %}",
        "{% get_available_languages in all %}",
        "{% get_available_languages as %}",
        "{% get_available_languages as a b %}",
    ],
)
def test_malformed(source):
    assert_same_error("{% load i18n %}" + source)
