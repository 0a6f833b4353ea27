"""The filter `timezone`."""

from zoneinfo import ZoneInfo

from django.test import override_settings
from django.utils import timezone

from tests.filters.values import VALUES, assert_filter
from tests.tags.moments import assert_same_moments

LIBRARY = "django.templatetags.tz"
SOURCE = "{{ m|timezone:'Asia/Tokyo' }}{{ m|timezone:'Asia/Tokyo'|date:'c e' }}"


def test_every_kind_of_value():
    assert_filter(
        "timezone",
        "'Asia/Tokyo'",
        "'Nowhere/City'",
        "number",
        "text",
        values=VALUES,
        library=LIBRARY,
    )


def test_moments_that_are_hard():
    with timezone.override("America/New_York"):
        assert_same_moments(SOURCE)


@override_settings(USE_TZ=False)
def test_without_time_zones():
    assert_same_moments(SOURCE)


def test_a_time_zone_object():
    source = "{{ m|timezone:zone }}{{ m|timezone:zone|date:'H:i e' }}"
    assert_same_moments(source, {"zone": ZoneInfo("Asia/Kathmandu")})
