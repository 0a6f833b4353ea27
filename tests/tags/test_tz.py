"""The tags and filters of `{% load tz %}`."""

from datetime import UTC, datetime

import pytest

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    "{{ d }}{% localtime off %}{{ d }}{{ d|date:'c' }}{% endlocaltime %}{{ d|date:'c' }}",
    "{% localtime on %}{{ d|date:'c' }}{% endlocaltime %}",
    "{% timezone 'Asia/Tokyo' %}{{ d|date:'c' }}{% now 'e' %}{% endtimezone %}{{ d|date:'c' }}",
    "{% timezone None %}{{ d|date:'c' }}{% endtimezone %}",
    "{% get_current_timezone as zone %}{{ zone }}",
    "{{ d|utc|date:'c' }}{{ d|localtime|date:'c' }}{{ d|timezone:'Asia/Tokyo'|date:'c' }}",
    "{{ n|localtime }}{{ n|utc }}{{ 'text'|localtime }}",
    "{% for i in l %}{% timezone i %}{{ d }};{% endtimezone %}{% endfor %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_tz(source):
    context = {
        "d": datetime(2024, 7, 4, 22, 30, tzinfo=UTC),
        "n": datetime(2024, 7, 4, 22, 30),
        "l": ["UTC", "America/New_York"],
    }
    assert_same("{% load tz %}" + source, context)


@pytest.mark.parametrize(
    "source",
    [
        "{% load tz %}{% localtime x %}{% endlocaltime %}",
        "{% load tz %}{% timezone %}{% endtimezone %}",
        "{% load tz %}{% timezone 'Nowhere/City' %}{% endtimezone %}",
    ],
)
def test_failures(source):
    assert_same_error(source)
