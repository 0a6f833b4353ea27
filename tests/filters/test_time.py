"""The filter `time`."""

from datetime import UTC, date, time

import pytest
from django.test import override_settings
from django.utils import timezone, translation

from tests.filters.values import TIMES, assert_filter
from tests.oracle import CONFIGURATIONS, assert_same
from tests.tags.moments import MOMENTS

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
    values = [*MOMENTS, *times, date(2024, 2, 29)]
    source = "{% for f in formats %}{{ value|date:f }};{{ value|time:f }}|{% endfor %}"
    with translation.override(language):
        for value in values:
            for wanted in formats:
                data = {"value": value, "formats": [wanted]}
                assert_same(source, data, configurations=CONFIGURATIONS[:1])
