"""The filter `intcomma` of `{% load humanize %}`."""

from decimal import Decimal

import pytest
from django.test import override_settings
from django.utils import translation
from django.utils.safestring import mark_safe

from tests.filters.values import NUMBERS, TIMES, assert_filter
from tests.oracle import assert_same

LIBRARY = "django.contrib.humanize.templatetags.humanize"


def test_every_kind_of_value():
    assert_filter("intcomma", "", "False", "True", "number", library=LIBRARY)


def test_other_languages():
    values = {**NUMBERS, **TIMES}
    assert_filter("intcomma", values=values, languages=["de", "fr", "hi"], library=LIBRARY)


@pytest.mark.parametrize("grouping", [0, 1, 3, (3, 2, 0), "3"])
def test_groups_of_digits(grouping):
    values = [0, -12345, 10**9, 10**30, "-1234567", " 42000 ", "007000", "+5000", "1_000", "12.5"]
    values += [1234.5, -0.0, 1e22, Decimal("-1234567.8900"), mark_safe("1234567"), True, "٣٤٥٦"]
    shown = "{{ v|intcomma }}|{{ v|intcomma|add:'<' }}|"
    source = "{% load humanize %}{% for v in values %}" + shown + "{% endfor %}"
    options = {"THOUSAND_SEPARATOR": "<.", "DECIMAL_SEPARATOR": "'"}
    for language in (None, "de"):
        with override_settings(NUMBER_GROUPING=grouping, **options), translation.override(language):
            assert_same(source, {"values": values})
