"""Whether Django agrees with itself: `is_void(case)`, asked where the two engines part.

A template can print the address of an object letter by letter, and `{% if %}` swallows the
RecursionError of a stack that happens to end there. So Django renders the case again, with its
objects elsewhere and its stack a little deeper. Where that changes what Django gives, the case says
nothing about the engines.
"""

import sys
from collections.abc import Iterator

from django.template import engine as django_engine

from tests.fuzz.case import Case, compare, outcomes, surroundings
from tests.oracle import Outcome

#: More than the frames that one level of a template that includes itself takes.
RUNS = 24


def is_void(case: Case) -> bool:
    """True if Django's own outcomes depend on addresses or on the depth of the stack."""
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


def _ballast(count: int) -> list[object]:
    """Objects of each small size, for as long as the list is kept."""
    sized = [bytes(size) for size in range(0, 480, 16) for _ in range(count)]
    return [*sized, *(object() for _ in range(count))]
