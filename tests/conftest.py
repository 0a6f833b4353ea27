"""What every test may use: `assert_same` from here or as a fixture's neighbour, and `decisions`."""

from collections.abc import Iterator

import pytest

from djust_engine import _native
from djust_engine.decisions import Decision, collect
from tests.oracle import assert_same, assert_same_error

__all__ = ["assert_same", "assert_same_error"]


def pytest_report_header() -> str:
    return f"djust_engine._native: {_native.__file__}"


@pytest.fixture
def decisions() -> Iterator[list[Decision]]:
    """The decisions made while the test runs."""
    with collect() as made:
        yield made
