"""Whether Django agrees with itself: `is_void(case)`, asked where the two engines part.

A template can print the address of an object letter by letter, and `{% if %}` swallows the
RecursionError of a stack that happens to end there. So Django renders the case again, with its
objects elsewhere, with its stack a little deeper, and with its stack ending at an include. Where
that changes what Django gives, the case says nothing about the engines.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.template import engine as django_engine
from django.template.loader_tags import IncludeNode

from tests.fuzz.case import Case, compare, outcomes, surroundings
from tests.oracle import Outcome

#: More than the frames that one level of a template that includes itself takes.
RUNS = 24
#: No case includes so deep unless it does so without end.
MOST_INCLUDES = 30


def is_void(case: Case) -> bool:
    """True if Django's own outcomes depend on addresses or on where the stack ends."""
    with surroundings(case):
        first = outcomes(case, django_engine.Engine)
        return any(compare(first, again) is not None for again in _elsewhere(case))


def _elsewhere(case: Case) -> Iterator[list[Outcome]]:
    """Django's outcomes of runs that differ in where objects lie and where the stack ends."""
    limit = sys.getrecursionlimit()
    ballast = []
    for run in range(1, RUNS + 1):
        ballast.append(_ballast(run))
        sys.setrecursionlimit(limit + run)
        try:
            found = outcomes(case, django_engine.Engine)
        finally:
            sys.setrecursionlimit(limit)
        yield found
    with _bounded_includes():
        yield outcomes(case, django_engine.Engine)


def _ballast(count: int) -> list[object]:
    """Objects of each small size, for as long as the list is kept."""
    sized = [bytes(size) for size in range(0, 480, 16) for _ in range(count)]
    return [*sized, *(object() for _ in range(count))]


@contextmanager
def _bounded_includes() -> Iterator[None]:
    """RecursionError at an include, where no condition stands around it, and not elsewhere."""
    render, depth = IncludeNode.render, 0

    def bounded(node: IncludeNode, context: Any) -> str:
        nonlocal depth
        if depth == MOST_INCLUDES:
            raise RecursionError("maximum recursion depth exceeded")
        depth += 1
        try:
            return render(node, context)
        finally:
            depth -= 1

    with mock.patch.object(IncludeNode, "render", bounded):
        yield
