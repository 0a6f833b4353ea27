"""`{% timezone %}`, and how moments are printed under it."""

from datetime import UTC, date, datetime, time, timedelta
from datetime import timezone as fixed
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.test import override_settings
from django.utils import timezone, translation

from tests.oracle import assert_same, assert_same_error
from tests.tags.moments import MOMENTS, assert_same_moments

VALUES = (
    "{{ m }} {{ m|date:'Y-m-d H:i:s' }} {{ m|date:'c e I O T U Z r' }} {{ m|time }} {{ m.hour }}"
)
ZONES = [
    "UTC",
    "Asia/Tokyo",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Apia",
    None,
    ZoneInfo("Europe/London"),
    fixed(timedelta(hours=-3)),
]
SOURCES = [
    "{% timezone zone %}" + VALUES + "{% endtimezone %}" + VALUES,
    "{% timezone 'UTC' %}{% timezone zone %}"
    + VALUES
    + "{% endtimezone %}"
    + VALUES
    + "{% endtimezone %}",
    "{% timezone zone %}{% include 'part.html' %}{% endtimezone %}{% include 'part.html' %}",
    "{% for x in 'ab' %}{% timezone zone %}{{ m }}{{ x }}{% endtimezone %}{% endfor %}",
    "{% timezone zone %}{% localtime off %}{{ m }}{% endlocaltime %}{{ m|localtime }}"
    "{% endtimezone %}",
]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("zone", ZONES)
def test_timezone(source, zone):
    assert_same_moments(source, {"zone": zone}, {"part.html": "{{ m }}{{ m|date:'H:i' }}"})


@pytest.mark.parametrize("language", ["en", "de", "ar", "ja"])
def test_dates_days_and_times(language):
    data = {"d": date(2024, 2, 29), "t": time(0, 0), "u": time(13, 5, 9, 7), "m": MOMENTS[0]}
    source = (
        "{% load tz %}{% timezone 'Asia/Tokyo' %}{{ d }} {{ t }} {{ u }} {{ m }} {{ d|date }}"
        " {{ u|time:'TIME_FORMAT' }} {{ u|date }} {{ m|date:'SHORT_DATETIME_FORMAT' }}"
        "{% endtimezone %}"
    )
    with translation.override(language):
        assert_same(source, data)


def test_another_zone_between_renders():
    template = engines["django"].from_string("{{ m }}|{{ m|date:'H' }}")
    texts = []
    for zone in ("UTC", "Asia/Tokyo", None):
        with timezone.override(zone):
            texts.append(template.render({"m": datetime(2024, 7, 4, 22, 30, tzinfo=UTC)}))
    assert texts == [
        "July 4, 2024, 10:30 p.m.|22",
        "July 5, 2024, 7:30 a.m.|07",
        "July 5, 2024, 12:30 a.m.|00",
    ]


def test_without_time_zones():
    with override_settings(USE_TZ=False):
        assert_same_moments("{% timezone 'Asia/Tokyo' %}" + VALUES + "{% endtimezone %}")


def test_after_an_error_the_zone_is_the_one_before():
    def fail():
        raise LookupError("no text")

    source = "{% load tz %}{% timezone 'Asia/Tokyo' %}{{ fail }}{% endtimezone %}"
    with timezone.override("UTC"):
        assert_same_error(source, {"fail": fail})
        with pytest.raises(LookupError):
            engines["django"].from_string(source).render({"fail": fail})
        assert timezone.get_current_timezone_name() == "UTC"


@pytest.mark.parametrize(
    "source",
    [
        "{% timezone %}{% endtimezone %}",
        "{% timezone 'UTC' 'x' %}{% endtimezone %}",
        "{% timezone 'UTC' %}",
        "{% timezone 'Nowhere/City' %}{% endtimezone %}",
        "{% timezone 5 %}{% endtimezone %}",
        "{% timezone '' %}{% endtimezone %}",
        "{% timezone a|nosuch %}{% endtimezone %}",
    ],
)
def test_failures(source):
    assert_same_error("{% load tz %}" + source)
