"""`{{ }}`: lookups, calls, silent and loud failures, and how values print."""

from collections import OrderedDict, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import django
import pytest
from django.http import QueryDict
from django.template import Context
from django.test import override_settings
from django.utils import timezone, translation
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from tests.filters.values import VALUES, assert_template
from tests.oracle import assert_same, assert_same_error
from tests.tags.objects import make_objects

PATHS = [
    "person",
    "person.name",
    "person.full",
    "person.number",
    "person.nothing",
    "person.nothing.more",
    "person.tags.0",
    "person.tags.9",
    "person.table.key",
    "person.table.items",
    "person.table.1",
    "person.table.values",
    "person.missing",
    "person.missing.more",
    "person.missing_inside",
    "person.key_error",
    "person.silent_property",
    "person.method",
    "person.method.upper",
    "person.needs",
    "person.needs.more",
    "person.optional",
    "person.loud",
    "person.silent",
    "person.silent.more",
    "person.type_error",
    "person.delete",
    "person.delete.more",
    "person.kept.more",
    "person.chain.chain.name",
    "Person.name",
    "Person",
    "mapping.present",
    "mapping.attribute",
    "mapping.absent",
    "mapping.silent",
    "mapping.loud",
    "mapping.type",
    "call.attribute",
    "call",
    "guarded.name",
    "guarded",
    "faulty",
    "faulty.name",
    "Choice.FIRST",
    "Choice.FIRST.label",
    "Choice.choices",
    "Colour.RED",
    "lazy",
    "lazy.name",
    "lazy.method",
    "list",
    "list.0",
    "list.2.1",
    "list.5",
    "list.1_0",
    "list.٢",
    "list.append",
    "list.name",
    "dict.a.b",
    "dict.items",
    "dict.1",
    "dict.keys",
    "dict.absent",
    "text.upper",
    "text.0",
    "text.1.0",
    "empty",
    "number",
    "number.real",
    "number.bit_length",
    "number.nothing",
    "float.is_integer",
    "nothing",
    "nothing.more",
    "missing",
    "missing.more",
    "function",
    "function.upper",
    "picky",
    "picky.more",
    "broken",
    "True",
    "False",
    "None",
    "None.more",
    "forloop",
    "forloop.counter",
    "block",
]


@pytest.mark.parametrize("path", PATHS)
def test_lookup(path):
    assert_same("[{{ PATH }}|{{ PATH|default:'d' }}]".replace("PATH", path), make_objects)


@pytest.mark.parametrize("path", PATHS)
def test_lookup_in_a_condition_and_as_an_argument(path):
    for source in (
        "{% if PATH %}yes{% else %}no{% endif %}",
        "{{ 'x'|default_if_none:PATH }}",
        "{% with x=PATH %}[{{ x }}]{% endwith %}",
    ):
        assert_same(source.replace("PATH", path), make_objects)


@pytest.mark.parametrize("name", VALUES)
def test_every_kind_of_value_prints(name):
    values = {name: VALUES[name]}
    for source in (
        "{{ value }}",
        "{{ value.0 }}",
        "{{ value.real }}",
        "{% autoescape off %}{{ value }}{% endautoescape %}",
    ):
        assert_template(source, values)


LITERALS = [
    "1",
    "0",
    "-1",
    "+1",
    "1.0",
    "1.5",
    ".5",
    "1e3",
    "1E3",
    "1e20",
    "1e400",
    "1_000",
    "007",
    "2.",
    "1.2.3",
    "1234567",
    "12345678901234567890123",
    "٣",
    "'text'",
    '"te<x>t"',
    "'it\\'s'",
    '"a \\" b \\\\ c"',
    "'a|b:c'",
    "''",
    "'{{'",
    "_('Home')",
    '_("Home")',
    "_('<b>')",
    "_('100%')",
    "_(text)",
    "'é'",
    "nan",
    "inf",
    "infinity",
    "True",
    "None",
]


@pytest.mark.parametrize("literal", LITERALS)
def test_literals(literal):
    for source in ("{{ %s }}", "{{ %s|default:%s }}", "{{ missing|default:%s }}"):
        text = source.replace("%s", literal)
        for autoescape in (True, False):
            assert_same(text, {"text": "Home"}, autoescape=autoescape)


def test_a_number_that_only_newer_versions_read():
    assert_same("{{ -.5 }}", fallback="odd-number" if django.VERSION >= (6,) else None)


@override_settings(USE_THOUSAND_SEPARATOR=True)
@pytest.mark.parametrize("language", ["en-us", "de", "fr", "hi"])
def test_numbers_and_times_print_in_the_current_language(language):
    numbers = [1234567, -1234.5, Decimal("1234567.80"), 1e22, True, 1234, "1234567", [1234567]]
    times = [date(2024, 2, 3), datetime(2024, 2, 3, 4, 5), time(4, 5), timedelta(1)]
    source = "{% for value in values %}{{ value }};{% endfor %}{{ 1234567 }};{{ 1234.5 }}"
    with translation.override(language):
        assert_same(source, {"values": [*numbers, *times]})


def test_aware_times_print_in_the_current_time_zone():
    value = datetime(2024, 7, 4, 22, 30, tzinfo=UTC)
    source = "{{ value }} {{ value.hour }} {{ value.date }} {{ value|date:'c' }}"
    for zone in ("Asia/Tokyo", "America/New_York"):
        with timezone.override(zone):
            assert_same(source, {"value": value})
    with override_settings(USE_TZ=False):
        assert_same(source, {"value": value})


def test_a_lazy_translation_prints_in_the_language_of_the_render():
    for language in ("en", "de", "fr"):
        with translation.override(language):
            assert_same("{{ value }} {{ _('Home') }}", {"value": gettext_lazy("Home")})


def test_names_of_constants_may_be_covered_by_the_context():
    assert_same("{{ True }}{{ None }}{{ False }}", {"True": "x", "None": "<y>"})


def test_a_name_of_an_underscore_elsewhere_in_the_path():
    assert_same("{{ a.b_c }}{{ a_b }}", {"a": {"b_c": 1}, "a_b": 2})


@pytest.mark.parametrize(
    "value",
    [
        OrderedDict(a=1),
        MultiValueDict({"a": ["1", "<2>"]}),
        QueryDict("a=1&a=2"),
        Context({"a": "in a context"}),
    ],
)
def test_mappings_of_their_own_kind(value):
    assert_same("{{ value.a }}{{ value.b }}{{ value.items }}{{ value.0 }}", {"value": value})


def test_a_default_dictionary_invents_what_is_asked():
    source = "{{ value.items }}{% for a in value.items %}{{ a }}{% endfor %}{{ value.new }}"
    assert_same(source, lambda: {"value": defaultdict(list)})


def test_a_value_is_called_as_often_as_django_calls_it():
    def make_context():
        calls = []
        return {"calls": calls, "call": lambda: calls.append(1) or len(calls)}

    assert_same("{{ call }}{% if call %}{{ call }}{% endif %}{{ calls }}", make_context)


def test_text_that_a_safe_object_prints():
    assert_same("{{ a }}{{ b }}", {"a": mark_safe("<a>"), "b": [mark_safe("<b>")]})


@pytest.mark.parametrize(
    "source",
    [
        "{{ }}",
        "{{}}",
        "{{ _a }}",
        "{{ a._b }}",
        "{{ a b }}",
        "{{ a|nope }}",
        "{{ a|upper:1 }}",
        "{{ a|default }}",
        "{{ a| }}",
        "{{ |upper }}",
        "{{ a|upper| }}",
        "{{ a|default:}}",
        "{{ a|default: 'x' }}",
        "{{ a |upper}} {{ a| upper }} {{ a : 1}}",
        "{{ 'a }}",
        "{{ 'a'b }}",
        "{{ a|default:_b }}",
        "{{ a.+1 }}",
        "{{ a.-1 }}",
        "{{ a-b }}",
        "{{ a=b }}",
        "{{ a,b }}",
        "{{ (a) }}",
        "{{ a.b| default:'x' }}{{ }}",
        "text\n\n{{ a|nope }}\ntext",
        "{{ $ }}",
        "{{ a@b }}",
    ],
)
def test_malformed(source):
    assert_same_error(source, {"a": 1})
