"""Data, QuerySets and templates that hypothesis chooses, over relations of every kind.

Bytes, exceptions and names left in the context are Django's, with no more queries than Django's. A
failure is shrunk. ``DJUST_FUZZ_CASES`` asks for more, and for other cases on each run;
``python -m tests.fuzz data`` makes the same cases of seeds, and goes on after a failure.
"""

import os
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from djust_engine.jit.cache import get_cache
from tests.fuzz import data, library
from tests.fuzz.case import Case, difference
from tests.fuzz.control import is_void

WANTED = int(os.environ.get("DJUST_FUZZ_CASES", "0"))
BOUNDED = settings(
    max_examples=WANTED or 100,
    derandomize=not WANTED,
    database=None,
    deadline=None,
    print_blob=bool(WANTED),
    suppress_health_check=list(HealthCheck),
)
RANDOMS = st.randoms(use_true_random=False, note_method_calls=False)
FILLINGS = st.integers(0, 9_999 if WANTED else 9)


class Tables:
    """What the tables hold, filled anew where a case wants something else."""

    filling: int | None = None

    def hold(self, case: Case) -> None:
        if case.filling != self.filling:
            with transaction.atomic():
                library.fill(case.filling)
            self.filling = case.filling


def check(tables: Tables, case: Case) -> None:
    """Fail where the engines part, unless Django parts from itself."""
    note(str(case))
    tables.hold(case)
    get_cache().invalidate()
    found = difference(case)
    assert found is None or is_void(case), f"{found}\n{case}"


@pytest.mark.django_db
@pytest.mark.timeout(0)
@pytest.mark.parametrize("composed", [data.composed, data.composed_rows])
def test_any_page_over_any_relations(composed):
    tables = Tables()

    @BOUNDED
    @given(RANDOMS, FILLINGS)
    def any_page(random: Random, filling: int) -> None:
        check(tables, composed(random, filling))

    any_page()


def test_what_a_seed_makes_is_what_hypothesis_may_make():
    assert str(data.composed(Random(7), 0)) == str(data.make_case(7))
