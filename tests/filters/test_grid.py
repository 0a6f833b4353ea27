"""Every builtin filter, alone and between others, gives each value what Django gives it."""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain, product
from pathlib import Path
from typing import Any

import pytest
from django.contrib.humanize.templatetags import humanize
from django.template import Context, Engine, Template
from django.template.defaultfilters import register
from django.templatetags import i18n, l10n, tz
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe

from djust_engine.backends.django import Engine as OurEngine
from tests.filters.values import NAMES, VALUES, Faulty, Marked
from tests.oracle import masked

TABLE = Path(__file__).parents[2] / "native" / "engine" / "src" / "filters" / "mod.rs"

Values = Mapping[str, Callable[[], Any]]

# Arguments of filters that take one; "" stands for none.
ARGUMENTS = {
    "add": ["2", '"2"', '" 7 "', '"<i>"', "text", "safe_text", "other", "nothing", "1.5", "value"],
    "center": ["7", '"12"', '"x"', "0", "-3", "nothing"],
    "cut": ['" "', '";"', '"<"', "safe_text", '""', "number", "other"],
    "date": ["", '"Y-m-d <b>"', "nothing", '"F"', '"DATE_FORMAT"', "number", '"H:i"', '"c W r"'],
    "default": ['"<d>"', "other", "number", "value"],
    "default_if_none": ['"<d>"', "other", "number"],
    "dictsort": ['"name"', '"age"', "0"],
    "dictsortreversed": ['"name"', "1"],
    "divisibleby": ["3", '"3"', "text", "0", "-1", "other"],
    "floatformat": ["", "2", '"-3g"'],
    "get_digit": ["1", '"2"', "0", "-1", "9", "30", "other", "nothing"],
    "join": ['", "', '"<br>"', "other", "safe_text", "number", "nothing", '""'],
    "json_script": ["", '"id"'],
    "ljust": ["7", '"12"', "-3", "other"],
    "pluralize": ["", '"es"', '"y,ies"', "other", '"a,b,c"', "number", "safe_text", '","'],
    "rjust": ["7", '"12"', "-3", "other"],
    "slice": [
        '":2"',
        '"1:"',
        '"::2"',
        '"-2:"',
        '""',
        '" 1 : 3 "',
        "2",
        '"x"',
        '"1:2:3:4"',
        '"::0"',
    ],
    "stringformat": [
        '"s"',
        '"d"',
        '"03d"',
        '".2f"',
        '"r"',
        '"x"',
        '"c"',
        '"%"',
        '""',
        '"(a)s"',
        "2",
    ],
    "time": ["", '"H:i"'],
    "timesince": ["", "value"],
    "timeuntil": [""],
    "truncatechars": ["5", '"1"', "0", "-1", "200", "other", "nothing"],
    "truncatechars_html": ["5"],
    "truncatewords": ["2", '"1"', "0", "-1", "200", "other"],
    "truncatewords_html": ["2"],
    "urlencode": ["", '""', '"/:"', '"é%"', "nothing", "number"],
    "urlizetrunc": ["8"],
    "wordwrap": ["5"],
    "yesno": [
        "",
        '"yes,no,maybe"',
        '"<y>,n"',
        '"one"',
        '"a,b,c,d"',
        "safe_text",
        "nothing",
        "number",
    ],
}
COMMON = [
    "upper",
    "safe",
    "escape",
    'default:"<d>"',
    "length",
    "first",
    'join:", "',
    "truncatechars:5",
    "linebreaks",
    'add:"<i>"',
    'slice:":3"',
]


class NamedMarked(Marked):
    """One whose repr() has no address, for filters that show only a part of it."""

    def __repr__(self) -> str:
        return "<marked>"


class NamedFaulty(Faulty):
    def __repr__(self) -> str:
        return "<faulty>"


def constants(*values: object) -> Values:
    return {repr(value): lambda value=value: value for value in values}


# What lies at the borders of what the native filters answer themselves.
BORDERS = constants(
    *(sign * (2**bits + step) for sign in (1, -1) for bits in (31, 63) for step in (-1, 0, 1)),
    10**17,
    10**18,
    "9" * 18,
    "9" * 25,
    "+5",
    " 12\t",
    "\x1c5",
    "5\x1f",
    "\xa05",
    "1_000",
    "--1",
    "５",
    "Привет, мир и всё",
    "ελληνικά ΑΒΓ",
    "한국어 텍스트 각각",
    "e\u0301le\u0300ve",
    "ﬁ ﷺ Å ǆ",
    "… …",
    "…",
    "a …",
    "word " * 300,
    mark_safe(""),
    mark_safe("5"),
    mark_safe("a;b <b>"),
    [mark_safe("<b>"), 5, None, True, 1.5],
    [["<i>"], "x"],
    ["\ud800", "x"],
    [],
    (1,),
    ("only",),
)
FEW = [
    "none",
    "list",
    "strings",
    "empty list",
    "tuple",
    "dict",
    "range",
    "set",
    "true",
    "one",
    "minus seven",
    "huge",
    "half",
    "large float",
    "nan",
    "infinite",
    "money",
    "empty",
    "letters",
    "markup",
    "safe",
    "lazy safe",
    "translated",
    "accents",
    "surrogate",
    "lines",
    "spaces",
    "digits",
    "urls",
    "safe html",
    "str subclass",
    "date",
    "aware",
]
PAIRED: Values = {
    **{name: VALUES[name] for name in FEW},
    "marked": NamedMarked,
    "faulty": NamedFaulty,
    "lazy object": lambda: SimpleLazyObject(NamedMarked),
}


ALL: Values = VALUES | BORDERS


@pytest.fixture(scope="module")
def engines() -> list[Engine]:
    return [Engine(), OurEngine()]


def calls_of(name: str) -> list[str]:
    return [f"{name}:{argument}" if argument else name for argument in ARGUMENTS.get(name, [""])]


def rendered(template: Template, make: Callable[[], Any], autoescape: bool) -> tuple[object, str]:
    """The class and the text of what a render gives or raises."""
    random.seed(0)
    try:
        text = template.render(Context({**NAMES, "value": make()}, autoescape=autoescape))
    except Exception as error:
        return type(error), masked(error)
    return type(text), masked(text)


def assert_equal(
    engines: list[Engine], source: str, values: Values, autoescape: tuple[bool, ...] = (True, False)
) -> None:
    theirs, ours = (engine.from_string(source) for engine in engines)
    assert ours.fallback is None, source
    for (name, make), escape in product(values.items(), autoescape):
        case = (source, name, escape)
        assert (*case, rendered(ours, make, escape)) == (*case, rendered(theirs, make, escape))


@pytest.mark.parametrize("name", sorted(register.filters))
def test_alone(engines, name):
    for call in calls_of(name):
        assert_equal(engines, f"{{{{ value|{call} }}}}", ALL)


@pytest.mark.parametrize("name", sorted(register.filters))
def test_between_others(engines, name):
    for call, other in product(calls_of(name), COMMON):
        for pair in (f"{call}|{other}", f"{other}|{call}"):
            assert_equal(engines, f"{{{{ value|{pair} }}}}", PAIRED, (True,))


TEXT_FILTERS = [
    "addslashes",
    "capfirst",
    "escape",
    "escapejs",
    "force_escape",
    "iriencode",
    "linebreaks",
    "linebreaksbr",
    "linenumbers",
    "lower",
    "phone2numeric",
    "slugify",
    "striptags",
    "title",
    "truncatechars:7",
    "truncatewords:2",
    "upper",
    "urlencode",
    "wordcount",
]


def characters() -> Iterator[int]:
    """The code points that have a plane of their own, and samples of the others."""
    return chain(range(0xD800), range(0xE000, 0x10000), range(0x10000, 0x20000, 7))


@pytest.mark.parametrize("call", TEXT_FILTERS)
def test_every_character(engines, call):
    texts = {hex(block): [] for block in range(0, 0x20000, 0x40)}
    for code in characters():
        texts[hex(code & ~0x3F)].append(chr(code))
    values = {
        name: lambda group=group: "".join(f"a{character}B1" for character in group)
        for name, group in texts.items()
    }
    assert_equal(engines, f"{{{{ value|{call} }}}}", values, (True,))


@pytest.mark.parametrize("call", TEXT_FILTERS)
def test_neighbours(engines, call):
    alphabet = "aZ1'-_ \n\r<\x1f"
    texts = ["".join(letters) for letters in product(alphabet, repeat=4)]
    values = constants(*("|".join(texts[at : at + 50]) for at in range(0, len(texts), 50)))
    assert_equal(engines, f"{{{{ value|{call} }}}}", values, (True,))


@pytest.mark.parametrize("call", ["truncatechars:5", "truncatewords:2"])
def test_languages_with_an_ellipsis_of_their_own(engines, call):
    for language in ("en", "de", "he", "ms", "zh-hans", "sr-latn"):
        with translation.override(language):
            assert_equal(engines, f"{{{{ value|{call} }}}}", PAIRED)


FORMATS = ["", "j M Y", "d.m.y", "b D E F l M N", "jS L t w z n", "M", "F", "Y H", "c", "Bk<"]
FORMATS += ["SHORT_DATE_FORMAT", "DATE_INPUT_FORMATS"]
QUOTED = [r"\j\\j \Y\m\\", r"\\d\\\d", "d\\", "\\\nj", r"\no\t j"]


def decimals() -> Iterator[object]:
    """Numbers around halves and zero, as texts, decimals and floats."""
    for text in (
        "0",
        "7",
        "0.05",
        "2.5",
        "9.995",
        "99.95",
        "0.0001",
        "123456.789",
        "007.50",
        "1e5",
    ):
        for signed in (text, f"-{text}"):
            yield from (signed, Decimal(signed), float(signed))
    yield from ("", "+1.5", " 1.5", "1.", ".5", "1_0.5", "٣.٤", "9" * 23, "9" * 40, "0." + "4" * 24)


@pytest.mark.parametrize("language", ["en", "de", "fr", "hi"])
@pytest.mark.parametrize("grouped", [False, True])
def test_decimal_places(engines, settings, language, grouped):
    settings.USE_THOUSAND_SEPARATOR = grouped
    places = [0, 1, 2, 3, -1, -2, -3, 10, 30, "0", "2", "-2", "2g", "2u", "g", "x", "", None, True]
    with translation.override(language):
        assert_equal(engines, "{{ value|floatformat }}", constants(*decimals()), (True,))
        pairs = constants(*product(decimals(), places))
        assert_equal(engines, "{{ value.0|floatformat:value.1 }}", pairs)


def days() -> Iterator[date]:
    """Days of every month, of leap years and others, up to the borders of the calendar."""
    start = date(1896, 1, 1).toordinal()
    numbers = [1, 2, 365, 366, 1461, 146097, *range(start, start + 75000, 731)]
    return map(date.fromordinal, [*numbers, date.max.toordinal()])


@pytest.mark.parametrize("language", ["en", "de", "cs", "ja", "ar"])
def test_days(engines, language):
    with translation.override(language):
        assert_equal(engines, "{{ value|date }}", constants(*days(), None, ""), (True,))
        pairs = constants(*product(days(), [*FORMATS, *QUOTED]))
        assert_equal(engines, "{{ value.0|date:value.1 }}", pairs, (True,))


@pytest.mark.parametrize("call", ['date:"j F Y"', "date", "truncatechars:4"])
def test_a_language_in_the_middle(call):
    libraries = {"i18n": "django.templatetags.i18n"}
    engines = [Engine(libraries=libraries), OurEngine(libraries=libraries)]
    shown = f"{{{{ value|{call} }}}}"
    for language in ("de", "ms", "he"):
        source = f"{shown}{{% language '{language}' %}}{shown}{{% endlanguage %}}{shown}"
        values = constants(date(2024, 5, 6), "some text")
        assert_equal(engines, "{% load i18n %}" + source, values)


def rows_of(table: str) -> list[str]:
    """The names in a table of the native filters."""
    body = re.search(rf"pub const {table}\b.*?= &\[(.*?)^\];", TABLE.read_text(), re.S | re.M)
    assert body is not None
    return re.findall(r'^    \(\s*"(\w+)"', body[1], re.M)


def test_every_filter_of_django_has_a_row():
    rows = rows_of("FILTERS") + rows_of("LEFT_TO_DJANGO")
    libraries = [register, humanize.register, i18n.register, l10n.register, tz.register]
    assert sorted(rows) == sorted(name for library in libraries for name in library.filters)
