"""Data, QuerySets and templates that hypothesis chooses, over relations of every kind.

Bytes, exceptions and names left in the context are Django's, with no more queries than Django's. A
failure is shrunk. ``DJUST_FUZZ_CASES`` asks for more, and for other cases on each run;
``python -m tests.fuzz data`` makes the same cases of seeds, and goes on after a failure.
"""

import os
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from djust_engine.jit.cache import get_cache
from tests.fuzz import data, library
from tests.fuzz.case import Case, difference
from tests.fuzz.control import is_void
from tests.fuzz.shrink import shrink

WANTED = int(os.environ.get("DJUST_FUZZ_CASES", "0"))
BOUNDED = settings(
    max_examples=WANTED or 100,
    derandomize=not WANTED,
    database=None,
    deadline=None,
    print_blob=bool(WANTED),
    suppress_health_check=list(HealthCheck),
)
#: What hypothesis draws choice by choice becomes small pages, and smaller where one fails; what a
#: seed makes is of full size.
RANDOMS = st.one_of(
    st.randoms(use_true_random=False, note_method_calls=False),
    st.integers(0, 2**32 - 1).map(Random),
)
FILLINGS = st.integers(0, 9_999 if WANTED else 9)


class Checked:
    """Checks cases; the tables are filled anew where one wants something else than the last."""

    filling: int | None = None
    failed: Case
    kind: str

    def hold(self, case: Case) -> None:
        if case.filling != self.filling:
            with transaction.atomic():
                library.fill(case.filling)
            self.filling = case.filling

    def check(self, case: Case) -> None:
        """Fail where the engines part, unless Django parts from itself."""
        self.hold(case)
        get_cache().invalidate()
        found = difference(case)
        if found is not None and not is_void(case):
            self.failed, self.kind = case, found.kind
            raise AssertionError(str(found))

    def shrunk(self) -> str:
        """The case that failed last, without the pieces that it fails without."""
        self.hold(self.failed)
        small = shrink(self.failed, self.kind)
        return f"{difference(small)}\n{small}"


@pytest.mark.django_db
@pytest.mark.timeout(0)
@pytest.mark.parametrize("composed", [data.composed, data.composed_rows])
def test_any_page_over_any_relations(composed):
    checked = Checked()

    @BOUNDED
    @given(RANDOMS, FILLINGS)
    def any_page(random: Random, filling: int) -> None:
        checked.check(composed(random, filling))

    try:
        any_page()
    except AssertionError as error:
        error.add_note(checked.shrunk())
        raise


def test_what_a_seed_makes_is_what_hypothesis_may_make():
    assert str(data.composed(Random(7), 0)) == str(data.make_case(7))
