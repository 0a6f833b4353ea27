"""Run seeded cases: `failures(generator, seed, count)` gives those in which the engines part."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction

from tests.fuzz import data, language, library
from tests.fuzz.case import Case, Difference, difference
from tests.fuzz.control import is_void
from tests.fuzz.shrink import shrink

GENERATORS: dict[str, Callable[[int], Case]] = {
    "data": data.make_case,
    "rows": data.make_rows_case,
    "language": language.make_case,
}


@dataclass(frozen=True)
class Failure:
    """A case of a generator whose outcomes differ; `void` where Django's own outcomes do, too."""

    seed: int
    case: Case
    difference: Difference
    void: bool

    @property
    def kind(self) -> str:
        return self.difference.kind

    def shrunk(self) -> str:
        """The smallest case of the same kind, as text."""
        case = shrink(self.case, self.kind)
        found = difference(case) or f"once only: {self.difference}"
        return f"seed {self.seed}: {found}\n{case}"


def failures(generator: str, seed: int, count: int) -> Iterator[Failure]:
    """The failures among `count` cases; the tables are filled as each block of seeds wants them."""
    filled = None
    for number in range(seed, seed + count):
        case = GENERATORS[generator](number)
        if case.filling != filled:
            filled = case.filling
            with transaction.atomic():
                library.fill(filled)
        found = difference(case)
        if found is not None:
            yield Failure(number, case, found, is_void(case))
