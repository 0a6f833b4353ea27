"""`{% blocktranslate %}`, also by the name `{% blocktrans %}`."""

from datetime import UTC, date, datetime
from decimal import Decimal
from unittest import mock

import pytest
from django.template import engines
from django.test import override_settings
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe

from tests.oracle import assert_same, assert_same_error
from tests.tags.catalog import messages


class Counted:
    """Counts how often it is printed."""

    def __init__(self):
        self.times = 0

    def __str__(self):
        self.times += 1
        return f"<{self.times}>"


class Marked:
    def __html__(self):
        return "<em>marked</em>"


END = "{% endblocktranslate %}"
MESSAGES = [
    "{% blocktranslate %}Home" + END,
    "{% blocktranslate %}" + END,
    "{% blocktranslate %}Hello {{ a }}" + END,
    "{% blocktranslate %}Hello {{a}}{{  a  }}" + END,
    "{% blocktranslate with a=markup %}Hello {{ a }}" + END,
    "{% blocktranslate with markup as a and b as c %}Hello {{ a }}{{ c }}" + END,
    "{% blocktranslate with a=markup|safe b=a %}Two {{ a }} and {{ b }}" + END,
    "{% blocktranslate with a=a|upper b=safe %}Two {{ a }} and {{ b }}" + END,
    "{% blocktranslate %}Hello {{ missing }} and {{ a.b }} and {{ a|upper }}" + END,
    "{% blocktranslate %}Hello {{ nothing }}{{ call }}{{ list }}{{ marked }}{{ flag }}" + END,
    "{% blocktranslate %}100% sure" + END,
    "{% blocktranslate %}100%% sure %(a)s {{ a }} %" + END,
    "{% blocktranslate context 'greeting' %}Hello" + END,
    "{% blocktranslate context kind with a=a %}Hello {{ a }}" + END,
    "{% blocktranslate context '' %}Hello {{ a }}" + END,
    "{% blocktranslate context missing %}Hello {{ a }}" + END,
    "{% blocktranslate asvar text %}Hello {{ a }}" + END + "[{{ text }}]{{ text|upper }}",
    "{% blocktranslate with b=a asvar a %}Hello {{ b }}" + END + "[{{ a }}]",
    "{% blocktranslate trimmed %}\n  Lines\n \n {{ a }}\n\n end\n" + END,
    "{% blocktranslate trimmed with x=1 %} a  b\t\u00a0\n\u2003c {{ x }} " + END,
    "{% blocktranslate trimmed asvar x context 'c' with y=a %} {{ y }} " + END + "{{ x }}",
    "{% blocktranslate %}Unknown {{ a }}" + END,
    "{% blocktranslate %}Cut {{ a }}" + END,
    "{% blocktranslate %}Percent {{ a }}" + END,
    "{% blocktranslate %}Wide {{ a }}" + END,
    "{% blocktranslate with a=a %}Unknown {{ a }}" + END + "{{ n }}{{ a }}",
    "{% blocktranslate asvar x %}Unknown {{ a }}" + END + "[{{ x }}]",
    "{% blocktranslate with a=n %}Unknown {{ a }}" + END + "{{ n }}",
    "{% blocktranslate %}Empty" + END,
    "{% blocktranslate %}a\nb\r\n{{ a }}" + END,
    "{% blocktranslate %}{{ n }} {{ f }} {{ money }} {{ day }} {{ moment }}" + END,
    "{% autoescape off %}{% blocktranslate with a=markup %}Hello {{ a }}"
    + END
    + "{% endautoescape %}",
    "{% autoescape off %}{% blocktranslate asvar x %}{{ markup }}{{ safe }}"
    + END
    + "{% endautoescape %}{{ x }}",
    "{% for a in letters %}{% blocktranslate %}Hello {{ a }}" + END + "{% endfor %}",
    "{% for a in letters %}"
    "{% blocktranslate with b=forloop.counter asvar x %}Two {{ a }} and {{ b }}"
    + END
    + "{{ x }}{% endfor %}{{ x }}",
    "{% with a=1 %}{% blocktranslate with a=a|add:1 %}Hello {{ a }}" + END + "{{ a }}{% endwith %}",
    "{% blocktranslate with a=a a=b %}Hello {{ a }}" + END,
    "{% blocktranslate %}{# comment" + END,
    "{% blocktranslate %}Hello{# endblocktranslate #}after",
    "{% blocktranslate with self=a context=b %}{{ self }}{{ context }}" + END,
]
PLURALS = [
    "{% blocktranslate count n=n %}{{ n }} item{% plural %}{{ n }} items" + END,
    "{% blocktranslate count n=letters|length %}{{ n }} item{% plural %}{{ n }} items" + END,
    "{% blocktranslate count letters|length as n %}{{ n }} item{% plural %}{{ n }} items" + END,
    "{% blocktranslate count n=n with a=markup %}{{ n }} item{% plural %}{{ n }} of {{ a }}" + END,
    "{% blocktranslate with m=n count n=m %}{{ n }} item{% plural %}{{ m }}{{ n }} items" + END,
    "{% blocktranslate count n=n context 'shop' %}{{ n }} item{% plural %}{{ n }} items" + END,
    "{% blocktranslate count n=n context '' %}{{ n }} item{% plural %}{{ n }} items" + END,
    "{% blocktranslate count n=n asvar x %}{{ n }} item{% plural %}{{ n }} items" + END + "{{ x }}",
    "{% blocktranslate trimmed count n=n %}\n{{ n }} item {% plural %}\n{{ n }} items\n" + END,
    "{% blocktranslate count n=nothing %}one{% plural %}" + END + "{{ n }}",
    "{% blocktranslate count n=n %}{% plural %}many" + END,
    "{% blocktranslate count other=n %}{{ n }}{% plural %}{{ other }} {{ n }}"
    + END
    + "{{ other }}",
    "{% blocktranslate count n=n %}100% of one{% plural %}100% of {{ n }}" + END,
    "{% blocktranslate count n=n %}one{# plural #}many" + END,
]
COUNTS = [0, 1, 2, 3, 11, 100, -1, 1.0, 1.5, Decimal(1), Decimal("2.5"), True, 10**7]


def context():
    return {
        "a": "<Ada>",
        "b": "Bob",
        "markup": "Markup & <b>",
        "safe": mark_safe("<i>"),
        "n": 1234567,
        "f": 1234.5,
        "money": Decimal("9999.90"),
        "day": date(2024, 2, 29),
        "moment": datetime(2024, 7, 4, 22, 30, tzinfo=UTC),
        "nothing": None,
        "call": len,
        "list": ["<x>", 1.5],
        "marked": Marked(),
        "flag": True,
        "kind": "greeting",
        "letters": ["x", "<y>"],
    }


@pytest.fixture(autouse=True)
def catalog():
    with messages():
        yield


@pytest.mark.parametrize("source", MESSAGES)
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_messages(source, language):
    with translation.override(language):
        assert_same("{% load i18n %}" + source, context)


@pytest.mark.parametrize("source", PLURALS)
@pytest.mark.parametrize("language", ["en", "de", "ar", "fr"])
def test_plurals(source, language):
    with translation.override(language), override_settings(USE_THOUSAND_SEPARATOR=True):
        for count in COUNTS:
            assert_same("{% load i18n %}" + source, {**context(), "n": count})


def test_values_are_printed_as_often_as_by_django():
    source = "{% load i18n %}{% blocktranslate %}{{ c }}{{ c }}{% endblocktranslate %}{{ c }}"
    assert_same(source, lambda: {"c": Counted()})
    source = (
        "{% load i18n %}{% blocktranslate count n=1 %}{{ c }}{% plural %}{{ c }}"
        "{% endblocktranslate %}{{ c }}"
    )
    assert_same(source, lambda: {"c": Counted()})


def test_lone_surrogates():
    source = "{% load i18n %}{% blocktranslate %}Hello {{ a }}{% endblocktranslate %}"
    assert_same(source, {"a": "<\ud800>"})
    source = "{% load i18n %}{% blocktranslate %}Surrogate {{ a }}{% endblocktranslate %}"
    with translation.override("de"):
        assert_same(source, {"a": "<b>"})


def test_a_lazy_count():
    source = (
        "{% blocktranslate count n=n %}{{ n }} item{% plural %}{{ n }} items{% endblocktranslate %}"
    )
    assert_same("{% load i18n %}" + source, lambda: {"n": SimpleLazyObject(lambda: 3)})


@pytest.mark.parametrize("name", ["gettext", "pgettext", "ngettext", "npgettext"])
def test_a_replaced_function_is_called(name):
    def replaced(*arguments):
        return mark_safe("/".join(map(str, arguments)) + "&")

    source = (
        "{% blocktranslate %}a {{ x }}{% endblocktranslate %}"
        "{% blocktranslate context 'c' %}b{% endblocktranslate %}"
        "{% blocktranslate count n=2 %}c{% plural %}{{ n }}{% endblocktranslate %}"
        "{% blocktranslate count n=1 context 'c' %}d{% plural %}e{% endblocktranslate %}"
    )
    with mock.patch.object(translation, name, replaced):
        assert_same("{% load i18n %}" + source, {"x": "<x>"})


def test_gettext_that_gives_no_text():
    with mock.patch.object(translation, "gettext", lambda message: 7):
        assert_same("{% load i18n %}{% blocktranslate %}{{ a }}{% endblocktranslate %}", {"a": 2})


def test_one_compiled_template_in_many_languages():
    source = "{% load i18n %}{% blocktranslate %}Hello {{ a }}{% endblocktranslate %}"
    template = engines["django"].from_string(source)
    texts = []
    for language in ("de", "en", "fr"):
        with translation.override(language):
            texts.append(template.render({"a": "<A>"}))
    assert texts == ["Hallo, &lt;A&gt;!", "Hello &lt;A&gt;", "Bonjour &lt;A&gt;"]


FAILURES = [
    "{% blocktranslate count n=text %}a{% plural %}b" + END,
    "{% blocktranslate count n=nothing %}a{% plural %}b" + END,
    "{% blocktrans count n=missing %}a{% plural %}b{% endblocktrans %}",
    "{% for x in 'ab' %}{% with y=x %}{% blocktranslate with z=y count n=x %}a{% plural %}b"
    + END
    + "{% endwith %}{% endfor %}",
    "{% blocktranslate %}{{ fault }}" + END,
    "{% blocktranslate with a=fault.x %}{{ a }}" + END,
    "{% blocktranslate %}Number {{ a }}" + END,
    '{% blocktranslate %}{{ a|join:")" }}' + END,
    '{% blocktranslate asvar x %}a {{ a|join:")" }}{{ b }}' + END,
    '{% autoescape off %}{% blocktranslate %}{{ a|join:")" }}{{ b }}' + END + "{% endautoescape %}",
]


@pytest.mark.parametrize("source", FAILURES)
@pytest.mark.parametrize("debug", [False, True])
def test_failures(source, debug):
    class Fault:
        def __str__(self):
            raise LookupError("no text")

    data = {"text": "x", "nothing": None, "fault": Fault(), "a": "<A>", "b": mark_safe("<b>")}
    with translation.override("de"):
        assert_same("{% load i18n %}" + source, data, debug=debug)


@pytest.mark.parametrize(
    "source",
    [
        "{% blocktranslate %}",
        "{% blocktranslate %}a",
        "{% blocktranslate %}{% if a %}{% endblocktranslate %}",
        "{% blocktranslate %}{% translate 'x' %}{% endblocktranslate %}",
        "{% blocktranslate %}a{% plural %}b{% endblocktranslate %}",
        "{% blocktranslate %}a{% endblocktrans %}",
        "{% blocktranslate %}a{# b #}c{% endblocktranslate %}",
        "{% blocktranslate what %}a{% endblocktranslate %}",
        "{% blocktranslate with %}a{% endblocktranslate %}",
        "{% blocktranslate with a %}a{% endblocktranslate %}",
        "{% blocktranslate with a=b with c=d %}a{% endblocktranslate %}",
        "{% blocktranslate with a=b|nosuch %}a{% endblocktranslate %}",
        "{% blocktranslate count %}a{% plural %}b{% endblocktranslate %}",
        "{% blocktranslate count a=1 b=2 %}a{% plural %}b{% endblocktranslate %}",
        "{% blocktranslate count a=1 %}a{% endblocktranslate %}",
        "{% blocktranslate count a=1 %}a{% plural %}b{% plural %}c{% endblocktranslate %}",
        "{% blocktranslate count a=1 %}a{% plural %}{% if b %}{% endblocktranslate %}",
        "{% blocktranslate context %}a{% endblocktranslate %}",
        "{% blocktranslate context _x %}a{% endblocktranslate %}",
        "{% blocktranslate asvar %}a{% endblocktranslate %}",
        "{% blocktranslate trimmed trimmed %}a{% endblocktranslate %}",
        "{% blocktranslate asvar a asvar b %}a{% endblocktranslate %}",
    ],
)
def test_malformed(source):
    assert_same_error("{% load i18n %}" + source)


@pytest.mark.parametrize("end", ["endblocktranslate", "{{ endblocktranslate }}"])
def test_an_end_that_is_no_tag(end):
    source = "{% load i18n %}{% blocktranslate %}" + end
    assert_same(source, {"endblocktranslate": 1}, fallback="unclosed-tag")
