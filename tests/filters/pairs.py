"""Every ordered pair of filters over values of every kind, and each filter alone, on both engines.

`differences` yields one line for each place where the engines part. A pair is compiled once and
rendered for every value, with autoescape on and off. The filters are the builtin ones and those of
the libraries that Django ships; `python -m tests.filters` runs them all, the suite a part.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import product
from typing import Any

from django.apps import apps
from django.contrib.humanize.templatetags import humanize
from django.template import Context, Engine, Template, defaultfilters
from django.templatetags import i18n, l10n, static, tz

from djust_engine.backends.django import Engine as OurEngine
from tests.filters.values import NAMES, VALUES, Faulty, Marked
from tests.oracle import masked

LIBRARIES = (i18n, l10n, tz, static, humanize)
LOADED = {module.__name__.rpartition(".")[2]: module.__name__ for module in LIBRARIES}

# Filters that cannot be called without an argument, and the argument that they get.
NEEDED = {
    "add": '"<i>"', "center": "9", "cut": '"b"', "default": '"<d>"', "default_if_none": '"<d>"',
    "dictsort": '"name"', "dictsortreversed": '"name"', "divisibleby": "3", "get_digit": "1",
    "join": '"<br>"', "ljust": "7", "rjust": "7", "slice": '":2"', "stringformat": '"s"',
    "timezone": '"Asia/Tokyo"', "truncatechars": "5", "truncatechars_html": "5",
    "truncatewords": "2", "truncatewords_html": "2", "urlizetrunc": "8", "wordwrap": "5",
}  # fmt: skip
# Those whose argument matters to the next filter, a second time.
AGAIN = ["add:2", 'date:"Y-m-d"', "floatformat:2", "default:number", "json_script:safe_text"]


class NamedMarked(Marked):
    """One whose repr() has no address, for filters that show only a part of it."""

    def __repr__(self) -> str:
        return "<marked>"


class NamedFaulty(Faulty):
    def __repr__(self) -> str:
        return "<faulty>"


def make_model() -> Any:
    return apps.get_model("jitapp", "Author")(pk=7, first_name="<A>", last_name="é & co")


# Those whose text holds an address, which a filter may cut or turn round.
UNNAMED = ("thing", "marked", "faulty", "falsy", "lazy object", "class", "function")
ALL: dict[str, Callable[[], Any]] = {
    **{name: make for name, make in VALUES.items() if name not in UNNAMED},
    "marked": NamedMarked,
    "faulty": NamedFaulty,
    "model": make_model,
    "callable": lambda: NamedMarked().__str__,
    "class": lambda: NamedMarked,
}


def filters() -> list[str]:
    """A call of every filter, by its name, with the argument that it needs."""
    registers = (defaultfilters.register, *(module.register for module in LIBRARIES))
    names = sorted(name for register in registers for name in register.filters)
    return [f"{name}:{NEEDED[name]}" if name in NEEDED else name for name in names]


def expressions() -> list[str]:
    """Each filter alone, then each ordered pair."""
    calls = [*filters(), *AGAIN]
    return [*calls, *("|".join(pair) for pair in product(calls, repeat=2))]


@cache
def engines() -> list[Engine]:
    options = {"libraries": LOADED, "builtins": list(LOADED.values())}
    return [engine(**options) for engine in (Engine, OurEngine)]


def differences(chosen: Iterable[str], values: Iterable[str] = ALL) -> Iterator[str]:
    """Where the engines part in `chosen` expressions over the values of those names."""
    makers = {name: ALL[name] for name in values}
    for expression in chosen:
        theirs, ours = (one.from_string(f"{{{{ value|{expression} }}}}") for one in engines())
        if ours.fallback is not None:
            yield f"{expression}: left to Django, {ours.fallback.why}"
        for (name, make), escape in product(makers.items(), (True, False)):
            django, our = outcome(theirs, make, escape), outcome(ours, make, escape)
            if django != our and hidden(django) != hidden(our):
                yield f"{expression} of {name}, autoescape {escape}:\n    {django}\n    {our}"


def outcome(template: Template, make: Callable[[], Any], escape: bool) -> tuple[object, str]:
    """The class and the text of what a render gives or raises."""
    if "random" in template.source:
        random.seed(0)
    context = Context({**NAMES, "value": make()}, autoescape=escape)
    try:
        text = template.render(context)
    except Exception as error:
        return type(error), f"{error}"
    return type(text), text


CLOCK = re.compile(r"\d+\xa0(?:second|minute)s?")


def hidden(shown: tuple[object, str]) -> tuple[object, str]:
    """Without addresses, and without what the clock changes from one render to the next."""
    return shown[0], CLOCK.sub("", masked(shown[1]))
