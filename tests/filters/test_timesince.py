"""The filter `timesince`."""

from datetime import datetime, timedelta

from tests.filters.values import TIMES, assert_filter
from tests.oracle import assert_same


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
