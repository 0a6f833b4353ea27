"""`{% get_language_info_list %}`."""

import pytest
from django.utils import translation

from tests.oracle import assert_same, assert_same_error

LISTS = [["de", "fr"], ("ar",), [("de", "German"), ["en", "x"]], [], "de"[:0], {"de": 1, "he": 2}]


@pytest.mark.parametrize("codes", LISTS)
def test_get_language_info_list(codes):
    source = (
        "{% load i18n %}{% get_language_info_list for codes as infos %}"
        "{% for i in infos %}{{ i.code }} {{ i.name_local }} {{ i.name_translated }};{% endfor %}"
    )
    with translation.override("de"):
        assert_same(source, {"codes": codes})


def test_the_languages_of_the_settings():
    source = (
        "{% load i18n %}{% get_available_languages as all %}"
        "{% get_language_info_list for all as infos %}{% for i in infos %}{{ i.code }}{% endfor %}"
    )
    assert_same(source)


@pytest.mark.parametrize(
    "source",
    [
        "get_language_info_list",
        "get_language_info_list for codes",
        "get_language_info_list in codes as x",
        "get_language_info_list for codes as x y",
        "get_language_info_list for 5 as x",
        "get_language_info_list for nothing as x",
        "get_language_info_list for wrong as x",
        "get_language_info_list for 'de' as x",
    ],
)
def test_failures(source):
    data = {"codes": ["de"], "nothing": None, "wrong": ["de", "xx"]}
    assert_same_error("{% load i18n %}{% " + source + " %}", data)
