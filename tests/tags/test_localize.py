"""`{% localize %}`, and how values are printed under it."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.template import engines
from django.template.context import Context
from django.test import override_settings
from django.utils import translation

from tests.oracle import assert_same, assert_same_error

VALUES = (
    "{{ n }} {{ f }} {{ m }} {{ big }} {{ small }} {{ flag }} {{ text }} {{ list }} {{ 1234567 }}"
    " {{ 1234.5 }} {{ d }} {{ moment }} {{ at }} {{ f|floatformat:2 }} {{ d|date }} {{ n|add:1 }}"
    " {{ list|length }} {% firstof f %}{% cycle f n %}"
    "{% for i in list %}{{ forloop.counter }}{% endfor %}"
)
SOURCES = [
    VALUES,
    f"{VALUES}{{% localize off %}}{VALUES}{{% endlocalize %}}{VALUES}",
    f"{{% localize on %}}{VALUES}{{% endlocalize %}}",
    f"{{% localize %}}{VALUES}{{% localize off %}}{VALUES}{{% endlocalize %}}"
    f"{VALUES}{{% endlocalize %}}",
    "{% localize off %}{% include 'part.html' %}{% include 'part.html' only %}{% endlocalize %}"
    "{% include 'part.html' %}",
    "{% localize off %}{% load i18n %}{% language 'fr' %}{{ f }}{{ d }}"
    "{% endlanguage %}{% endlocalize %}",
    "{% localize off %}{% load i18n %}{% blocktranslate %}{{ f }} {{ d }}{% endblocktranslate %}"
    "{% endlocalize %}",
    "{% localize off %}{% for f in list %}{{ f }}{% autoescape off %}{{ d }}"
    "{% endautoescape %}{% endfor %}"
    "{% endlocalize %}",
]


def context():
    return {
        "n": 1234567,
        "f": 1234.5,
        "m": Decimal("-98765.4321"),
        "big": 10**20,
        "small": 1e-9,
        "flag": True,
        "text": "1234567",
        "list": [1234.5, 1000000],
        "d": date(2024, 2, 3),
        "moment": datetime(2024, 7, 4, 22, 30, tzinfo=UTC),
        "at": time(13, 5),
    }


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("language", ["en", "de", "fr", "ar", "hi", "de-ch"])
@pytest.mark.parametrize("grouped", [False, True])
def test_localize(source, language, grouped):
    templates = {"part.html": "{{ n }} {{ f }} {{ d }}"}
    with override_settings(USE_THOUSAND_SEPARATOR=grouped), translation.override(language):
        assert_same("{% load l10n %}" + source, context, templates)


@pytest.mark.parametrize("use_l10n", [None, True, False])
def test_what_the_context_says_of_localisation(use_l10n):
    texts = set()
    for name in ("django", "oracle"):
        template = engines[name].from_string("{{ f }}{{ n }}{{ d }}{{ moment }}").template
        with translation.override("de"), override_settings(USE_THOUSAND_SEPARATOR=True):
            texts.add(template.render(Context(context(), use_l10n=use_l10n)))
    assert len(texts) == 1


def test_after_an_error_the_context_is_left_as_it_was():
    def fail():
        raise LookupError("no text")

    left = []
    for name in ("django", "oracle"):
        source = "{% load l10n %}{% localize off %}{{ fail }}{% endlocalize %}"
        made = Context({"fail": fail})
        with pytest.raises(LookupError):
            engines[name].from_string(source).template.render(made)
        left.append(made.use_l10n)
    assert left == [False, False]


GROUPINGS = [0, 1, 3, (3, 2, 0), [3, 2], (2, 0), (3, -1), (0,), (), -1, True, 2.0, "3"]
SHOWN = [
    0,
    -1,
    12,
    123,
    -123,
    1234,
    1234567890,
    -(10**17),
    10**40,
    0.5,
    -1234567.25,
    Decimal("1E+5"),
]


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_groups_of_digits(grouping):
    source = "{{ value }} {{ value|floatformat }} {{ value|floatformat:'2g' }}"
    options = {"THOUSAND_SEPARATOR": "<.", "USE_THOUSAND_SEPARATOR": True}
    with override_settings(NUMBER_GROUPING=grouping, **options), translation.override(None):
        for value in SHOWN:
            assert_same(source, {"value": value})


@override_settings(
    DECIMAL_SEPARATOR="'", THOUSAND_SEPARATOR="<", NUMBER_GROUPING=2, USE_THOUSAND_SEPARATOR=True
)
def test_separators_are_escaped():
    with translation.override(None):
        assert_same(VALUES + "{% autoescape off %}" + VALUES + "{% endautoescape %}", context)


@pytest.mark.parametrize(
    "source",
    [
        "{% localize x %}{% endlocalize %}",
        "{% localize on off %}{% endlocalize %}",
        "{% localize %}",
    ],
)
def test_malformed(source):
    assert_same_error("{% load l10n %}" + source)
