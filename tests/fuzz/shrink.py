"""Make a failing case small: drop pieces, lift bodies out of blocks, drop names of the context."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic

from tests.fuzz.case import Case, Pieces, difference
from tests.fuzz.control import is_void

SECONDS = 10


def shrink(case: Case, kind: str, seconds: float = SECONDS) -> Case:
    """The smallest case found, in the given time, whose difference is of the same `kind`."""
    until = monotonic() + seconds

    def fails(candidate: Case) -> bool:
        if monotonic() > until:
            return False
        again = difference(candidate)
        return again is not None and again.kind == kind and not is_void(candidate)

    while (step := _first_smaller(case, fails)) is not None:
        case = step
    return case


def _first_smaller(case: Case, fails: Callable[[Case], bool]) -> Case | None:
    return next((candidate for candidate in _candidates(case) if fails(candidate)), None)


def _candidates(case: Case) -> Iterator[Case]:
    for name in list(case.templates):
        yield replace(case, templates={k: v for k, v in case.templates.items() if k != name})
    for name in list(case.context):
        yield replace(case, context={k: v for k, v in case.context.items() if k != name})
    for pieces in _reductions(case.source):
        yield replace(case, source=pieces)
    for name, source in case.templates.items():
        for pieces in _reductions(source):
            yield replace(case, templates={**case.templates, name: pieces})
    for name, expression in case.context.items():
        for shorter in _expressions(expression):
            yield replace(case, context={**case.context, name: shorter})


def _reductions(pieces: Pieces) -> Iterator[Pieces]:
    """Halves, then without each piece, then each block without its tags or with a smaller body."""
    size = len(pieces)
    if size > 3:
        yield pieces[: size // 2]
        yield pieces[size // 2 :]
    for at, piece in enumerate(pieces):
        before, after = pieces[:at], pieces[at + 1 :]
        yield before + after
        if isinstance(piece, str):
            for text in _texts(piece):
                yield [*before, text, *after]
        else:
            yield before + piece[1:-1] + after
            for smaller in _reductions(piece):
                yield [*before, smaller, *after]


def _texts(text: str) -> Iterator[str]:
    """A variable or tag without one of its filters, or with a shorter path."""
    for mark in ("|", ".", " and ", " or ", " with "):
        start = text.rfind(mark)
        while start > 0:
            end = min(
                (at for stop in ("|", " ", "}", ")") if (at := text.find(stop, start + 1)) > 0),
                default=len(text),
            )
            if mark.startswith(" "):
                end = text.rfind(" %}") if text.endswith(" %}") else len(text)
            if end > start:
                yield text[:start] + text[end:]
            start = text.rfind(mark, 0, start)


def _expressions(expression: str) -> Iterator[str]:
    """An expression without one of its calls of a QuerySet's method."""
    depth, starts = 0, []
    for at, letter in enumerate(expression):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "." and depth == 0:
            starts.append(at)
    for start, end in zip(starts, [*starts[1:], len(expression)], strict=False):
        if "(" in expression[start:end]:
            yield expression[:start] + expression[end:]
