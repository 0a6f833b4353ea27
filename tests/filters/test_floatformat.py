"""The filter `floatformat`."""

from django.test import override_settings

from tests.filters.values import NUMBERS, assert_filter

ARGUMENTS = ["", "0", "2", "-2", "7", '"2g"', '"3u"', '"-1gu"', '"g"', '"x"', '""', "nothing"]


def test_every_kind_of_value():
    assert_filter("floatformat", *ARGUMENTS)


@override_settings(USE_THOUSAND_SEPARATOR=True)
def test_every_number_is_formatted_as_by_django_in_other_languages():
    assert_filter("floatformat", *ARGUMENTS, values=NUMBERS, languages=["de", "fr", "hi"])
