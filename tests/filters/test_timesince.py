"""The filter `timesince`."""

from datetime import UTC, datetime, timedelta
from itertools import product
from unittest import mock

import pytest
from django.utils import translation

from tests.filters.values import TIMES, assert_filter
from tests.oracle import CONFIGURATIONS, assert_same
from tests.tags.moments import MOMENTS


def test_every_kind_of_value():
    assert_filter("timesince", "", "other", "nothing")


def test_a_difference_of_two_given_times():
    now = datetime(2024, 5, 6, 7, 8, 9)
    for days in (-400, -1, 0, 0.3, 8, 40, 800):
        context = {"value": now + timedelta(days=days), "now": now}
        assert_same("{{ value|timesince:now }}", context)
        assert_same("{{ value.date|timesince:now.date }}", context)


def test_other_languages():
    assert_filter("timesince", values=TIMES, languages=["de", "fr"])


@pytest.mark.parametrize("language", ["en", "de", "ar", "ja"])
def test_units_of_every_size(language):
    source = (
        "{{ value|timesince:now }}|{{ now|timesince:value }}|{{ value.date|timesince:now.date }}"
    )
    starts = [
        datetime(2024, 2, 29, 23, 59, 59, 5),
        datetime(2023, 12, 31, 12),
        datetime(2024, 1, 31),
    ]
    seconds = [0, 0.000001, 0.9, 1, 59, 60, 3599, 3600, 86399, 86400, 604799, 604800, 2678400]
    seconds += [86400 * days + 3661 for days in (27, 28, 29, 30, 59, 365, 366, 400, 1461, 9999)]
    with translation.override(language):
        for start, more, zone in product(starts, seconds, (None, UTC)):
            data = {"value": start.replace(tzinfo=zone)}
            data["now"] = data["value"] + timedelta(seconds=more)
            assert_same(source, data, configurations=CONFIGURATIONS[:1])


def test_moments_of_different_zones():
    source = "{{ value|timesince:now }}|{{ now|timesince:value }}"
    for value, now in product(MOMENTS, MOMENTS):
        data = {"value": value, "now": now}
        assert_same(source, data, configurations=CONFIGURATIONS[:1])


def test_a_clock_that_was_replaced():
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2024, 5, 6, 7, 8, 9, tzinfo=tz)

    with mock.patch("datetime.datetime", Clock):
        for value in MOMENTS:
            assert_same("{{ value|timesince }}", {"value": value})
