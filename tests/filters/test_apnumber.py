"""The filter `apnumber` of `{% load humanize %}`."""

from tests.filters.values import NUMBERS, TIMES, assert_filter

LIBRARY = "django.contrib.humanize.templatetags.humanize"


def test_every_kind_of_value():
    assert_filter("apnumber", library=LIBRARY)


def test_other_languages():
    values = {**NUMBERS, **TIMES}
    assert_filter("apnumber", values=values, languages=["de", "fr", "hi"], library=LIBRARY)
