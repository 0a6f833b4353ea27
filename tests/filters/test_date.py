"""The filter `date`."""

from django.test import override_settings
from django.utils import timezone

from tests.filters.values import TIMES, assert_filter

ARGUMENTS = [
    "",
    '"Y-m-d H:i:s"',
    '"N j, Y, P"',
    '"SHORT_DATE_FORMAT"',
    '""',
    '"D d M y e T O U z"',
    '"c r u L"',
    "other",
    "nothing",
]


def test_every_kind_of_value():
    assert_filter("date", *ARGUMENTS)


def test_every_date_is_formatted_as_by_django_in_other_languages():
    assert_filter("date", *ARGUMENTS, values=TIMES, languages=["de", "fr"])


@override_settings(TIME_ZONE="Asia/Tokyo")
def test_aware_times_are_shown_in_the_current_time_zone():
    with timezone.override("America/New_York"):
        assert_filter("date", *ARGUMENTS, values=TIMES)


@override_settings(USE_TZ=False)
def test_times_are_left_alone_without_time_zones():
    assert_filter("date", *ARGUMENTS, values=TIMES)
