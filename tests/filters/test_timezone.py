"""The filter `timezone`."""

from zoneinfo import ZoneInfo

from django.test import override_settings
from django.utils import timezone

from tests.filters.values import VALUES, assert_filter
from tests.oracle import assert_same
from tests.tags.moments import MOMENTS

LIBRARY = "django.templatetags.tz"
SOURCE = (
    "{% load tz %}{{ value|timezone:'Asia/Tokyo' }}{{ value|timezone:'Asia/Tokyo'|date:'c e' }}"
)


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
        for value in MOMENTS:
            assert_same(SOURCE, {"value": value})


@override_settings(USE_TZ=False)
def test_without_time_zones():
    for value in MOMENTS:
        assert_same(SOURCE, {"value": value})


def test_a_time_zone_object():
    source = "{% load tz %}{{ value|timezone:zone }}{{ value|timezone:zone|date:'H:i e' }}"
    for value in MOMENTS:
        assert_same(source, {"value": value, "zone": ZoneInfo("Asia/Kathmandu")})
