"""Values of every kind that a filter may be given, and `assert_filter`, which gives it all of them.

A value is made anew for each render, because some are used up by it.
"""

from collections import OrderedDict, namedtuple
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any

from django.template.engine import Engine as DjangoEngine
from django.utils import translation
from django.utils.functional import SimpleLazyObject, lazy, lazystr
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from djust_engine.backends.django import Engine
from tests.oracle import (
    NAME,
    Configuration,
    assert_equal_outcomes,
    assert_native,
    compile_template,
    make_engine,
    render,
)

Point = namedtuple("Point", "x y")


class Text(str):
    """A subclass of str, with a text of its own."""

    def __str__(self):
        return f"text <{super().__str__()}>"


class Number(int):
    def __str__(self):
        return f"number <{int(self)}>"


class Letters:
    """An iterator, for one walk only; its text has no address, as a generator's has."""

    def __init__(self) -> None:
        self.left = iter("<ab>")

    def __iter__(self) -> "Letters":
        return self

    def __next__(self) -> str:
        return next(self.left)

    def __repr__(self) -> str:
        return "<Letters>"


class Thing:
    """An object with a length, items and an attribute."""

    name = "thing"

    def __str__(self):
        return "<thing> & co"

    def __len__(self):
        return 2

    def __iter__(self):
        return iter(["<x>", "y"])


class Marked:
    """An object that has markup of its own."""

    def __html__(self):
        return "<em>html</em>"

    def __str__(self):
        return "<str>"


class Faulty:
    """An object whose every use fails."""

    def __str__(self):
        raise ZeroDivisionError("no text")

    def __len__(self):
        raise ZeroDivisionError("no length")


class Falsy:
    def __bool__(self):
        return False

    def __str__(self):
        return "falsy"


PEOPLE = [
    {"name": "Zoë", "age": 3, "place": {"city": "Köln"}},
    {"name": "adam", "age": 30, "place": {"city": "<Bath>"}},
    {"name": "Bea", "age": 7, "place": {"city": "Aix"}},
]
URLS = "see http://example.com/?a=1&b=<2>, www.django.org/é (or me@example.org). x.com"
HTML = '<p>One <a href="#">two &amp; three</a> <b>four five</b></p><br> six'


def _constant(value: object) -> Callable[[], object]:
    return lambda: value


STRINGS: dict[str, Callable[[], Any]] = {
    name: _constant(value)
    for name, value in {
        "empty": "",
        "letters": "abc Def",
        "markup": "<b>bold</b> & \"q\" 'a' `",
        "safe": SafeString("<i>safe</i> & so"),
        "lazy": lazystr("lazy <b>"),
        "lazy safe": lazy(lambda: mark_safe("<u>lazy</u>"), str)(),
        "translated": gettext_lazy("Home"),
        "accents": "café Straße İi ǆ ÀÉ",
        "asian": "日本語 の text",
        "emoji": "👩‍👩‍👧 é 🇫🇷x",
        "surrogate": "lone \ud800 surrogate <",
        "null": "a\x00b\x1f\x7f\u2028",
        "lines": "one\ntwo\r\nthree\r\n\r\nfour <4>\n\n\nfive",
        "spaces": "  many   words in\t here ",
        "digits": "1234567",
        "decimal": "12.345",
        "negative": "-3",
        "arabic digits": "٣٤",
        "quotes": "back\\slash \"double\" 'single' ' \"",
        "urls": URLS,
        "html": HTML,
        "safe html": SafeString(HTML),
        "percent": "100% %s %(a)s",
        "path": "/a b/ü?x=1&y=2#z",
        "phone": "1-800-COLLECT",
        "str subclass": Text("<sub>"),
    }.items()
}
NUMBERS: dict[str, Callable[[], Any]] = {
    name: _constant(value)
    for name, value in {
        "true": True,
        "false": False,
        "zero": 0,
        "one": 1,
        "two": 2,
        "minus seven": -7,
        "million": 1234567,
        "huge": 10**25,
        "int subclass": Number(4),
        "half": 0.5,
        "float": 34.23234,
        "whole float": 3.0,
        "minus zero": -0.0,
        "large float": 1e22,
        "small float": 1.5e-7,
        "nan": float("nan"),
        "infinite": float("inf"),
        "money": Decimal("9.90"),
        "exponent": Decimal("1E+2"),
        "long decimal": Decimal("1234567.891234567891234567891"),
        "no decimal": Decimal("NaN"),
        "complex": 1 + 2j,
    }.items()
}
TIMES: dict[str, Callable[[], Any]] = {
    name: _constant(value)
    for name, value in {
        "date": date(2024, 2, 29),
        "naive": datetime(2024, 7, 4, 5, 6, 7, 89),
        "aware": datetime(2024, 7, 4, 22, 30, tzinfo=UTC),
        "offset": datetime(2024, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=-8))),
        "time": time(13, 5, 9),
        "duration": timedelta(days=3, hours=4),
        "first day": date(1, 1, 1),
    }.items()
}
OBJECTS: dict[str, Callable[[], Any]] = {
    "none": _constant(None),
    "list": lambda: [1, "<b>", None, 2.5],
    "strings": lambda: ["b", "<a>", mark_safe("<c>")],
    "empty list": list,
    "nested": lambda: ["States", ["<Kansas>", ["Lawrence", "Topeka"], mark_safe("<i>I</i>")]],
    "pairs": lambda: [(2, "b"), (1, "a"), (3, "<c>")],
    "people": lambda: [dict(person) for person in PEOPLE],
    "tuple": lambda: ("x", "<y>"),
    "point": lambda: Point("<1>", 2),
    "set": lambda: {"<only>"},
    "dict": lambda: {"a": 1, "name": "<d>", 1: "one"},
    "empty dict": dict,
    "ordered dict": lambda: OrderedDict(z="<z>", a=[1]),
    "range": lambda: range(4),
    "iterator": Letters,
    "bytes": lambda: b"by<t>es",
    "thing": Thing,
    "marked": Marked,
    "faulty": Faulty,
    "falsy": Falsy,
    "lazy object": lambda: SimpleLazyObject(Thing),
    "class": lambda: Thing,
    "function": lambda: lambda: "called <f>",
}
VALUES = {**OBJECTS, **NUMBERS, **STRINGS, **TIMES}

# What a filter's argument may name.
NAMES = {"other": "<o>", "number": 3, "nothing": None, "text": "2", "safe_text": mark_safe("<s>")}

PATTERNS = [
    "{{ value|%s }}",
    "{{ value|safe|%s }}",
    "{{ value|%s|escape }}",
    "{{ value|%s|safe }}",
    "{{ value|force_escape|%s }}",
    "{%% with x=value|%s %%}{{ x }}{%% endwith %%}",
    "{%% if value|%s %%}yes{%% else %%}no{%% endif %%}",
    "{%% for x in value|%s %%}{{ x }}{%% endfor %%}",
    "{%% autoescape off %%}{{ value|%s }}{%% endautoescape %%}",
]
QUICK = [
    Configuration(debug=False, string_if_invalid="", cached=False, instrumented=True),
    Configuration(debug=True, string_if_invalid="INVALID", cached=True, instrumented=False),
]

Values = Mapping[str, Callable[[], Any]]


def context_of(make: Callable[[], Any] | None) -> dict[str, Any]:
    return dict(NAMES) if make is None else {**NAMES, "value": make()}


def assert_template(source: str, values: Values, **options: Any) -> None:
    """Assert that a template of `value` does the same with each of the values, and with none."""
    for configuration in QUICK:
        engines = [
            make_engine(engine, {NAME: source}, configuration, **options)
            for engine in (DjangoEngine, Engine)
        ]
        pairs = [(compile_template(made, source, configuration), made) for made in engines]
        assert_native(pairs[1][0], None, source)
        for name, make in [*values.items(), ("missing", None)]:
            context = partial(context_of, make)
            django, ours = (render(*pair, context, None) for pair in pairs)
            assert_equal_outcomes([ours], [django], (source, name, configuration))


def assert_filter(
    name: str,
    *arguments: str,
    values: Values = VALUES,
    languages: Iterable[str] = ("en-us",),
    library: str | None = None,
) -> None:
    """Assert that a filter does the same to every value, bare or with each of the arguments.

    It is tried between other filters, in tags, and with autoescape on and off. An argument is
    written as in a template; `""` stands for none. `library` is the module of a filter that is
    not built in.
    """
    options = {"builtins": [library]} if library else {}
    calls = [f"{name}:{argument}" if argument else name for argument in arguments or [""]]
    for language, call, pattern in product(languages, calls, PATTERNS):
        with translation.override(language):
            assert_template(pattern % call, values, **options)
