"""A random case, and what both engines make of it: `difference(case)` says where they part.

A template is a list of pieces: a text, or a list of pieces that opens with a text and closes with
one. A context is a dict of name -> Python expression, evaluated in order, so that a later one may
name an earlier one, and anew for each engine.
"""

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from os.path import commonprefix
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.template import engine as django_engine
from django.test import override_settings
from django.utils import translation

from djust_engine import decisions
from djust_engine.backends.django import Engine
from tests.oracle import (
    NAME,
    Configuration,
    Outcome,
    compile_template,
    failure,
    instrumentation,
    make_engine,
    render,
)

Piece = str | list["Piece"]  # type: ignore[misc]
Pieces = list[Piece]

ADDRESS = re.compile("0x[0-9a-f]+", re.IGNORECASE)
# The last is what Django says of a recursion that ends while it notes where an error came from.
NO_TEXT = re.compile(
    "sequence item [0-9]+: expected str instance|.*RecursionError|unsupported call"
    "|'TypeError' object has no attribute 'token'"
)
LIBRARY = {"fuzz": "tests.fuzz.tags"}
BUILTINS = [
    "tests.fuzz.asked",
    *(f"django.templatetags.{name}" for name in ("cache", "i18n", "l10n", "static", "tz")),
    "django.contrib.humanize.templatetags.humanize",
    "tests.fuzz.tags",
]


@dataclass(frozen=True)
class Case:
    """Templates, a context, and the settings of the engine that renders them.

    It is rendered `renders` times, with the same objects, or with others where the context is made
    `anew`; expressions find the number of the render as `k`. Before each render but the first,
    `writes` are done. The tables hold what `library.fill(filling)` put there.
    """

    source: Pieces
    context: dict[str, str]
    templates: dict[str, Pieces] = field(default_factory=dict)
    names: Mapping[str, Any] = field(default_factory=dict, repr=False)
    configuration: Configuration = Configuration(True, "", True, False)
    autoescape: bool = True
    language: str = "en"
    thousands: bool = False
    renders: int = 2
    anew: bool = False
    writes: tuple[str, ...] = ()
    filling: int = 0

    def __str__(self) -> str:
        lines = [f"{NAME}: {text_of(self.source)!r}"]
        lines += [f"{name}: {text_of(pieces)!r}" for name, pieces in self.templates.items()]
        lines += [f"    {name} = {expression}" for name, expression in self.context.items()]
        lines.append(f"    {self.configuration}, autoescape={self.autoescape}, {self.language}")
        made = f"{self.renders} renders{' of new objects' if self.anew else ''}"
        lines.append(f"    {made}, filling {self.filling}")
        lines += [f"    before the next: {expression}" for expression in self.writes]
        return "\n".join(lines)


@dataclass(frozen=True)
class Difference:
    """`kind` groups differences of one sort; `django` and `ours` are what each engine gave."""

    kind: str
    django: str
    ours: str

    def __str__(self) -> str:
        same = len(commonprefix([self.django, self.ours]))
        shown = slice(max(0, same - 100), same + 200)
        return f"{self.kind}\n    django: {self.django[shown]}\n    ours:   {self.ours[shown]}"


def text_of(piece: Piece) -> str:
    return piece if isinstance(piece, str) else "".join(map(text_of, piece))


def evaluate(case: Case, k: int = 0) -> dict[str, Any]:
    """The context, its expressions evaluated in order; without those that raise."""
    values: dict[str, Any] = {}
    for name, expression in case.context.items():
        try:
            values[name] = eval(expression, {**case.names, **values, "k": k})
        except Exception:
            continue
    return values


def write(case: Case, values: dict[str, Any], k: int) -> None:
    """Do what the case writes before render `k`, but for what the database refuses."""
    for expression in case.writes:
        with suppress(Exception), transaction.atomic():
            eval(expression, {**case.names, **values, "k": k})


@contextmanager
def undone(case: Case) -> Iterator[None]:
    """What a case over models writes within is rolled back."""
    if not case.names:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def outcomes(case: Case, engine_class: type[django_engine.Engine]) -> list[Outcome]:
    """The outcome of each render of one compiled template."""
    with undone(case):
        return _outcomes(case, engine_class)


def _outcomes(case: Case, engine_class: type[django_engine.Engine]) -> list[Outcome]:
    configuration = case.configuration
    source = text_of(case.source)
    templates = {name: text_of(pieces) for name, pieces in case.templates.items()}
    engine = make_engine(
        engine_class,
        {**templates, NAME: source},
        configuration,
        autoescape=case.autoescape,
        libraries=LIBRARY,
        builtins=BUILTINS,
    )
    cache.clear()
    with instrumentation(configuration.instrumented):
        try:
            template = compile_template(engine, source, configuration)
        except Exception as error:
            return [failure(error)]
        values = evaluate(case)
        found = []
        for k in range(case.renders):
            if k:
                write(case, values, k)
            if case.anew and k:
                values = evaluate(case, k)
            found.append(render(template, engine, lambda made=values: made, None))
        return found


@contextmanager
def surroundings(case: Case) -> Iterator[None]:
    """The language and the settings of a case; no warnings."""
    with warnings.catch_warnings(), translation.override(case.language), ExitStack() as stack:
        warnings.simplefilter("ignore")
        if case.thousands:
            stack.enter_context(override_settings(USE_THOUSAND_SEPARATOR=True))
        yield


def difference(case: Case) -> Difference | None:
    """Where the two engines part; None where they do the same."""
    with surroundings(case):
        django = outcomes(case, django_engine.Engine)
        try:
            with decisions.collect() as made:
                ours = outcomes(case, Engine)
        except BaseException as error:
            return Difference(f"raised {type(error).__name__}", "", repr(error))
    panics = [one.reason for one in made if one.reason.startswith("panic")]
    if panics:
        return Difference("panic", "", panics[0])
    return compare(django, ours)


def compare(django: list[Outcome], ours: list[Outcome]) -> Difference | None:
    """The first difference between outcomes; queries count from the first render on."""
    for outcome in (*django, *ours):
        _mask(outcome)
    if len(django) != len(ours):
        return Difference("compiles", str(django[0].error), str(ours[0].error))
    allowed = used = 0
    for their, our in zip(django, ours, strict=True):
        for name in ("error", "text", "kind", "cause", "debug", "tried", "names"):
            if getattr(their, name) != getattr(our, name):
                kind = name if (their.error is None) == (our.error is None) else "fails"
                return Difference(kind, _shown(their, name), _shown(our, name))
        allowed, used = allowed + their.queries, used + our.queries
        if used > allowed:
            return Difference("queries", str(allowed), str(used))
    return None


def _mask(outcome: Outcome) -> None:
    """Hide addresses whose letters a filter has changed, and what may differ after an exception.

    That are the depth at which a recursion is cut off, and the place and the words of the
    complaint about a tag that returns no text.
    """
    if outcome.error is None:
        outcome.text = ADDRESS.sub("0x", outcome.text or "")
        return
    outcome.names = []
    if issubclass(outcome.error[0], RecursionError) or NO_TEXT.match(outcome.error[1]):
        outcome.error, outcome.debug, outcome.cause = (Exception, ""), None, None


def _shown(outcome: Outcome, name: str) -> str:
    if name in ("error", "text"):
        return repr(outcome.text if outcome.error is None else outcome.error)
    return repr(getattr(outcome, name))
