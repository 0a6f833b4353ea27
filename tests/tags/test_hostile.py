"""Any object in the context: what it answers, or raises, is what Django makes of it."""

# ruff: noqa: E501 -- templates, as many as a line holds
import re
from collections.abc import Callable
from enum import Enum
from itertools import product
from typing import Any

import pytest
from django.template import Context, Engine
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from djust_engine.backends.django import Engine as OurEngine
from tests.oracle import masked

NO_TEXT = re.compile("sequence item .*: expected str instance, .* found|.* instance of 'str'")


class Loud(Exception):
    pass


class Silent(Exception):
    silent_variable_failure = True


class Stop(BaseException):
    """One that no `except Exception` holds up."""


METHODS = [
    "__str__", "__repr__", "__html__", "__getattr__", "__getattribute__", "__getitem__", "__len__",
    "__bool__", "__iter__", "__eq__", "__lt__", "__hash__", "__contains__", "__call__", "__add__",
    "__radd__", "__int__", "__float__", "__index__", "__format__", "__class_getitem__", "__dir__",
    "__mod__", "__next__", "__length_hint__", "__reversed__",
]  # fmt: skip
ERRORS = [Loud, Silent, AttributeError, KeyError, TypeError, Stop]
WRONG = [None, 0, -1, "x", [], NotImplemented, object]
# docs/compatibility.md names it.
KNOWN = {(SafeString, "__str__", KeyError)}
BASES = [object, str, int, dict, list, float, SafeString, tuple]


def named(bases: tuple[type, ...], members: dict[str, Any]) -> Any:
    """An instance of a class of those bases and members, whose text has no address."""
    members.setdefault("__repr__", lambda self: "<odd>")
    return type("Odd", bases, members)()


def raising(base: type, method: str, error: type[BaseException]) -> Callable[[], Any]:
    def fail(*arguments, **named):
        raise error("<odd>")

    return lambda: named((base,), {method: fail})


def answering(base: type, method: str, answer: object) -> Callable[[], Any]:
    def give(self, *arguments, **named):
        if method == "__getitem__" and isinstance(arguments[0], int) and arguments[0] > 2:
            raise IndexError
        return answer

    return lambda: named((base,), {method: give})


class Endless:
    """Every attribute and item is another one; it is not to be called."""

    do_not_call_in_templates = True

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Endless()

    def __getitem__(self, key):
        return Endless()

    def __iter__(self):
        return iter([1])

    def __str__(self):
        return "<endless>"


class Grudging(type):
    """A class that raises when it is called, tested, measured or read."""

    def __call__(cls):
        raise Loud("call")

    def __bool__(cls):
        raise Loud("bool")

    def __len__(cls):
        raise Loud("len")

    def __getattr__(cls, name):
        raise Loud(name)

    def __str__(cls):
        return "<grudging>"

    __repr__ = __str__


class Posing:
    """Says that it is a str."""

    __class__ = str  # type: ignore[assignment]

    def __str__(self):
        return "<posing>"


class Changing:
    """Another attribute at each access."""

    count = 0

    @property
    def a(self):
        Changing.count += 1
        return Changing.count

    def __str__(self):
        Changing.count = 0
        return "changing"


class Emptied(list):
    """Grows shorter while it is walked."""

    def __iter__(self):
        while self:
            yield self.pop()


class Colour(Enum):
    RED = "<r>"


def cyclic() -> list[Any]:
    made: list[Any] = [1]
    made += [made, {"a": made}]
    return made


SINGULAR: dict[str, Callable[[], Any]] = {
    "endless": Endless,
    "grudging": lambda: Grudging("Odd", (), {}),
    "posing": Posing,
    "changing": Changing,
    "emptied": lambda: Emptied([3, 2, 1]),
    "enum class": lambda: Colour,
    "cyclic": cyclic,
    "module": lambda: pytest,
    "not implemented": lambda: NotImplemented,
    "ellipsis": lambda: ...,
    "lazy failure": lambda: SimpleLazyObject(lambda: 1 / 0),
    "type": lambda: type,
    "bound": lambda: [].append,
    "surrogates": lambda: "\ud800\udfff" * 3,
}
SOURCES = [
    "{{ a }}", "{% autoescape off %}{{ a }}{% endautoescape %}", "{{ a.b }}", "{{ a.0 }}",
    "{{ a.b.c }}", "{{ a|length }}", "{{ a|upper }}", "{{ a|default:'d' }}", "{{ a|add:a }}",
    "{{ a|add:1 }}", "{{ a|join:',' }}", "{{ a|first }}", "{{ a|floatformat:2 }}", "{{ a|safe }}",
    "{{ a|slice:':1' }}", "{{ a|yesno }}", "{{ 'x'|default_if_none:a }}", "{{ a|date }}",
    "{{ a|force_escape }}", "{{ a|stringformat:'s' }}", "{{ a|pluralize }}", "{{ a|title|lower }}",
    "{% if a %}y{% else %}n{% endif %}", "{% if not a %}y{% endif %}", "{% if a == 1 %}y{% endif %}",
    "{% if a < 2 %}y{% endif %}", "{% if 1 in a %}y{% endif %}", "{% if a in l %}y{% endif %}",
    "{% for x in a %}{{ x }},{% empty %}e{% endfor %}", "{% for x in a reversed %}{{ x }}{% endfor %}",
    "{% for x, y in a %}{{ x }}{% endfor %}", "{% for x in l %}{{ x|add:a }}{% endfor %}",
    "{% with b=a %}{{ b }}{% endwith %}", "{% with b=a.b %}{{ b }}{% endwith %}",
    "{% firstof a 'z' %}", "{% cycle a 'z' %}", "{% include a %}", "{% extends a %}",
    "{% for x in l %}{% ifchanged a %}{{ a }}{% else %}={% endifchanged %}{% endfor %}",
    "{% regroup a by b as g %}{{ g|length }}", "{% widthratio a 2 100 %}", "{% filter upper %}{{ a }}{% endfilter %}",
    "{% url a %}", "{% load i18n %}{% translate a %}", "{% load i18n %}{% blocktranslate with x=a %}{{ x }}{% endblocktranslate %}",
    "{% load i18n %}{% blocktranslate count n=a %}1{% plural %}{{ n }}{% endblocktranslate %}",
    "{% load static %}{% static a %}", "{% load l10n %}{{ a|localize }}{{ a|unlocalize }}",
    "{% load tz %}{{ a|utc }}", "{% load cache %}{% cache a name %}x{% endcache %}",
    "{% now a %}", "{% templatetag openblock %}{% spaceless %} {{ a }} {% endspaceless %}",
]  # fmt: skip


@pytest.fixture(scope="module")
def templates() -> list[tuple[Any, Any]]:
    libraries = {
        name: f"django.templatetags.{name}" for name in ("i18n", "static", "l10n", "tz", "cache")
    }
    engines = [one(libraries=libraries) for one in (Engine, OurEngine)]
    return [tuple(engine.from_string(source) for engine in engines) for source in SOURCES]


def outcome(template: Any, make: Callable[[], Any]) -> tuple[object, str]:
    try:
        text = template.render(Context({"a": make(), "l": [1, "x"]}))
    except RecursionError:
        return RecursionError, ""
    except BaseException as error:
        return type(error), words(error)
    return type(text), masked(text)


def words(error: BaseException) -> str:
    """What an exception says, if it can say it; where no text was found is not compared."""
    try:
        return NO_TEXT.sub("no text", masked(error))
    except BaseException as second:
        return type(second).__name__


def parts(templates: list[tuple[Any, Any]], make: Callable[[], Any], label: object) -> list[object]:
    found: list[object] = []
    for theirs, ours in templates:
        django, our = outcome(theirs, make), outcome(ours, make)
        if django != our:
            found.append((label, ours.source, django, our))
    return found


@pytest.mark.parametrize("base", BASES)
def test_methods_that_raise(templates, base):
    found: list[object] = []
    for method, error in product(METHODS, ERRORS):
        if (base, method, error) not in KNOWN:
            found += parts(templates, raising(base, method, error), (method, error.__name__))
    assert not found, "\n".join(map(str, found[:20]))


@pytest.mark.parametrize("base", BASES)
def test_methods_that_answer_otherwise(templates, base):
    found: list[object] = []
    for method in METHODS:
        for answer in WRONG:
            found += parts(templates, answering(base, method, answer), (method, answer))
    assert not found, "\n".join(map(str, found[:20]))


@pytest.mark.parametrize("name", SINGULAR)
def test_singular_objects(templates, name):
    found = parts(templates, SINGULAR[name], name)
    assert not found, "\n".join(map(str, found))
