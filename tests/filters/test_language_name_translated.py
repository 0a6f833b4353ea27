"""The filter `language_name_translated`."""

import pytest
from django.utils import translation

from tests.filters.values import VALUES, assert_filter
from tests.oracle import assert_same

LIBRARY = "django.templatetags.i18n"
CODES = {
    code: lambda code=code: code for code in ("de", "ar", "pt-br", "de-xx", "zh-cn", "xx", "x-y")
}


def test_every_kind_of_value():
    assert_filter("language_name_translated", values={**VALUES, **CODES}, library=LIBRARY)


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_other_languages(language):
    source = (
        "{% load i18n %}{% for code in codes %}{{ code|language_name_translated }};{% endfor %}"
    )
    with translation.override(language):
        assert_same(source, {"codes": ["de", "fr", "ar", "he", "pt-br"]})
