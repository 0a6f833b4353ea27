"""The filter `ordinal` of `{% load humanize %}`."""

from tests.filters.values import NUMBERS, TIMES, assert_filter

LIBRARY = "django.contrib.humanize.templatetags.humanize"


def test_every_kind_of_value():
    assert_filter("ordinal", library=LIBRARY)


def test_other_languages():
    values = {**NUMBERS, **TIMES}
    assert_filter("ordinal", values=values, languages=["de", "fr", "hi"], library=LIBRARY)
