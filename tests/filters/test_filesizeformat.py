"""The filter `filesizeformat`."""

from django.test import override_settings

from tests.filters.values import NUMBERS, assert_filter


def test_every_kind_of_value():
    assert_filter("filesizeformat")


@override_settings(USE_THOUSAND_SEPARATOR=True)
def test_every_number_is_formatted_as_by_django_in_other_languages():
    assert_filter("filesizeformat", values=NUMBERS, languages=["de", "fr", "hi"])
