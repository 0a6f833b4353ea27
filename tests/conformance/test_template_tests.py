"""Django's template_tests, by subject, against the record. The assertions are Django's."""

import pytest

from tests.conformance import record
from tests.conformance.outcome import Run, known_failures

SUBJECTS = {
    "filters": ("template_tests.filter_tests.",),
    "translation": ("template_tests.syntax_tests.i18n.",),
    "tags": ("template_tests.syntax_tests.",),
    "inheritance": ("template_tests.test_extends",),
    "loaders": ("template_tests.test_loaders.", "template_tests.test_autoreloader."),
    "custom libraries": ("template_tests.test_custom.", "template_tests.test_library."),
    "response": ("template_tests.test_response.",),
    "engine": ("template_tests.test_engine.", "template_tests.test_origin."),
    "language": ("template_tests.",),
}
NATIVE_SHARE = 0.97

Column = dict[str, str]


def subject_of(test: str) -> str:
    """The first subject whose prefix fits; every id has one."""
    return next(name for name, prefixes in SUBJECTS.items() if test.startswith(prefixes))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_subject_passes_as_recorded(run: Run, column: Column, subject: str) -> None:
    recorded = {test: row for test, row in column.items() if subject_of(test) == subject}
    lost = record.lost(recorded, run)
    assert recorded
    assert not lost, "\n".join(run.describe(test) for test in lost)


def test_as_much_is_native_as_recorded(run: Run, column: Column) -> None:
    assert not record.less_native(column, run)


def test_most_tests_that_run_are_recorded(run: Run, column: Column) -> None:
    """A newer release of Django may bring some that are not."""
    assert len(column.keys() & run.passed()) > 0.98 * len(run.passed())


def test_renders_are_native(run: Run) -> None:
    renders = run.tally["renders"]
    native = renders["native"] + renders["calls"]
    assert native >= NATIVE_SHARE * sum(renders.values())


def test_known_failures_still_fail(run: Run) -> None:
    passed = known_failures().keys() & run.passed()
    assert not passed, f"listed in known_failures.txt, and passing: {sorted(passed)}"
