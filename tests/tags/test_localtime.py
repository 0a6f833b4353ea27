"""`{% localtime %}`, and how moments are printed under it."""

import pytest
from django.template import engines
from django.template.context import Context
from django.test import override_settings
from django.utils import timezone

from tests.oracle import assert_same_error
from tests.tags.moments import MOMENTS, assert_same_moments

VALUES = (
    "{{ m }} {{ m|date:'Y-m-d H:i T' }} {{ m|time:'H:i' }} {{ m.hour }} {{ m.date }} {{ m|utc }}"
)
SOURCES = [
    VALUES,
    f"{VALUES}{{% localtime off %}}{VALUES}{{% endlocaltime %}}{VALUES}",
    f"{{% localtime on %}}{VALUES}{{% endlocaltime %}}",
    f"{{% localtime %}}{{% localtime off %}}{VALUES}{{% endlocaltime %}}"
    f"{VALUES}{{% endlocaltime %}}",
    "{% localtime off %}{% include 'part.html' %}{% include 'part.html' only %}{% endlocaltime %}",
    "{% localtime off %}{{ m|localtime }}{{ m|timezone:'Asia/Tokyo' }}{{ m|localtime|date:'H' }}"
    "{% endlocaltime %}",
]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("use_tz", [True, False])
def test_localtime(source, use_tz):
    with override_settings(USE_TZ=use_tz), timezone.override("America/New_York"):
        assert_same_moments(source, templates={"part.html": "{{ m }}"})


@pytest.mark.parametrize("use_tz", [None, True, False])
def test_what_the_context_says_of_time_zones(use_tz):
    for moment in MOMENTS:
        texts = set()
        for name in ("django", "oracle"):
            template = engines[name].from_string("{{ m }}{{ m|date:'c' }}{{ m|date:'H' }}").template
            texts.add(template.render(Context({"m": moment}, use_tz=use_tz)))
        assert len(texts) == 1


@pytest.mark.parametrize(
    "source",
    [
        "{% localtime x %}{% endlocaltime %}",
        "{% localtime on off %}{% endlocaltime %}",
        "{% localtime %}",
    ],
)
def test_malformed(source):
    assert_same_error("{% load tz %}" + source)
