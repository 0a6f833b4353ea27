"""Moments at which time zones are hard: gaps, folds, borders of days, years and the calendar.

`assert_same_moments` compares what a template prints of all of them.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.safestring import mark_safe

from tests.oracle import assert_same


class Moment(datetime):
    """A datetime of a class of its own."""


class Kept(datetime):
    """A datetime that is not to be converted."""

    convert_to_local_time = False


PARIS = ZoneInfo("Europe/Paris")
NEW_YORK = ZoneInfo("America/New_York")

# Naive, and twice or never on the clocks of Paris.
AMBIGUOUS = [datetime(2024, 10, 27, 2, 30), datetime(2024, 3, 31, 2, 30)]

MOMENTS = [
    *AMBIGUOUS,
    datetime(2024, 7, 4, 22, 30, 15, 1234, tzinfo=UTC),
    datetime(2024, 7, 4, 22, 30),
    datetime(2024, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2024, 3, 31, 1, 0, tzinfo=UTC),
    datetime(2024, 3, 31, 0, 59, 59, tzinfo=UTC),
    datetime(2024, 3, 31, 2, 30, tzinfo=PARIS),
    datetime(2024, 10, 27, 2, 30, tzinfo=PARIS),
    datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=PARIS),
    datetime(2024, 11, 3, 1, 30, fold=1, tzinfo=NEW_YORK),
    datetime(2024, 11, 3, 5, 30, tzinfo=UTC),
    datetime(2024, 11, 3, 6, 30, tzinfo=UTC),
    datetime(1900, 1, 1, tzinfo=UTC),
    datetime(1, 1, 1, 12, tzinfo=timezone(timedelta(hours=-5))),
    datetime(9999, 12, 30, 12, tzinfo=UTC),
    datetime(2024, 1, 2, 0, 0, tzinfo=timezone(timedelta(hours=5, minutes=45), "<zone>")),
    datetime(2024, 1, 2, 12, 0, tzinfo=timezone(timedelta(hours=-3, seconds=-7))),
    Moment(2024, 7, 4, 22, 30, tzinfo=UTC),
    Kept(2024, 7, 4, 22, 30, tzinfo=UTC),
    None,
    "2024-07-04",
    mark_safe("<b>"),
]


def assert_same_moments(
    source: str, context: Mapping[str, Any] | None = None, templates: Any = None
) -> None:
    """Assert that both engines print the same of each moment, which the template calls `m`."""
    source = "{% load tz %}{% for m in moments %}" + source + "|{% endfor %}"
    assert assert_same(source, {"moments": MOMENTS, **(context or {})}, templates)
