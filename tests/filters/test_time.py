"""The filter `time`."""

from datetime import UTC, date, time
from itertools import product

import pytest
from django.test import override_settings
from django.utils import timezone, translation

from tests.filters.values import TIMES, assert_filter
from tests.oracle import CONFIGURATIONS, assert_same
from tests.tags.moments import AMBIGUOUS, MOMENTS

ARGUMENTS = ["", '"H:i:s.u"', '"P"', '"TIME_FORMAT"', '""', '"Y-m-d"', "nothing"]


def test_every_kind_of_value():
    assert_filter("time", *ARGUMENTS)


def test_every_date_is_formatted_as_by_django_in_other_languages():
    assert_filter("time", *ARGUMENTS, values=TIMES, languages=["de", "fr"])


@override_settings(TIME_ZONE="Asia/Tokyo")
def test_aware_times_are_shown_in_the_current_time_zone():
    with timezone.override("America/New_York"):
        assert_filter("time", *ARGUMENTS, values=TIMES)


@override_settings(USE_TZ=False)
def test_times_are_left_alone_without_time_zones():
    assert_filter("time", *ARGUMENTS, values=TIMES)


@pytest.mark.parametrize("language", ["en", "de", "ar", "ja", "bg"])
def test_every_specifier_of_moments_that_are_hard(language):
    formats = [*"aAbcdDeEfFgGhHiIjlLmMnNoOPrsStTUuwWyYzZ", r"\a\P H:i", "DATETIME_FORMAT", "P, N j"]
    times = [time(), time(12), time(0, 5), time(12, 30, 1, 20), time(23, 59, tzinfo=UTC)]
    shown = "{{ value|date:f }};{{ value|time:f }}|"
    source = "{% for value in values %}{% for f in formats %}" + shown + "{% endfor %}{% endfor %}"
    plain = [wanted for wanted in formats if wanted not in "rU"]
    with translation.override(language):
        assert assert_same(source, {"values": MOMENTS, "formats": plain})
        for value, wanted in product([*times, *AMBIGUOUS, date(2024, 2, 29)], formats):
            data = {"value": value, "f": wanted}
            assert_same(shown, data, configurations=CONFIGURATIONS[:1])
