"""The record itself: its format, and what it calls lost."""

import pytest

from tests.conformance import apps, record
from tests.conformance.outcome import Run, known_failures, known_lines
from tests.conformance.record import Record


def run_of(**outcomes: str) -> Run:
    """Keywords are tests of `app.Tests`: a mode of a test that passes, or a status."""
    found = {}
    for name, outcome in outcomes.items():
        passed = outcome in record.LETTERS
        found[f"app.Tests.{name}"] = {
            "status": "passed" if passed else outcome,
            "mode": outcome if passed else "none",
            "text": "",
        }
    return Run(found, {})


def column_of(**letters: str) -> dict[str, str]:
    return {f"app.Tests.{name}": letter for name, letter in letters.items()}


def test_what_is_written_is_read() -> None:
    known = Record()
    known.put_column("5.2", "5.2.1", {"app.b.Tests.test_b": "n", "app.a.Tests.test_a": "m"})
    known.put_column("6.1", "6.1.3", {"app.b.Tests.test_b": "-"})
    written = "\n".join(record.lines(known))
    assert written.splitlines() == [
        "# Django 5.2.1, 6.1.3", "app.a.Tests", " m.. test_a", "app.b.Tests", " n.- test_b",
    ]  # fmt: skip
    assert record.parsed(written) == known


def test_a_test_of_no_version_is_forgotten() -> None:
    known = Record()
    known.put_column("6.0", "6.0.1", column_of(a="n", b="n"))
    known.put_column("6.0", "6.0.2", column_of(b="d"))
    assert known.letters == {"app.Tests.b": ".d."}


def test_lost_is_what_passed_and_does_not() -> None:
    column = column_of(a="n", b="n", c="-", d="f", e="m")
    run = run_of(a="native", b="failed", c="skipped", d="failed")
    assert record.lost(column, run) == ["app.Tests.b", "app.Tests.e"]


def test_what_is_skipped_stays_as_recorded() -> None:
    column = column_of(a="n", b="n", c="m")
    run = run_of(a="mixed", b="failed", c="skipped")
    assert record.renewed(column, run) == column_of(a="m", b="f", c="m")


def test_less_native_is_what_passes_by_other_nodes() -> None:
    column = column_of(a="n", b="m", c="d", d="f")
    run = run_of(a="mixed", b="native", c="django", d="native")
    assert record.less_native(column, run) == ["app.Tests.a: n -> m"]


def test_each_failure_on_record_is_a_known_one() -> None:
    rows = record.read().letters
    failing = {test for test, row in rows.items() if record.FAILS in row}
    assert failing == known_failures().keys() and len(failing) < 5


@pytest.mark.parametrize("series", record.SERIES)
def test_every_app_is_on_record(series: str) -> None:
    column = record.read().column(series)
    assert all(record.of_labels(column, [label]) for label in apps.ALL)


def test_a_known_failure_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="no reason given: 'a.b.c'"):
        dict(known_lines("# comment\n\na.b.c\n"))


def test_labels_are_shared_out_by_their_time() -> None:
    groups = apps.shared_out(["admin_views", "auth_tests", "cache", "humanize_tests"], 2)
    assert groups == [["admin_views"], ["auth_tests", "cache", "humanize_tests"]]
    assert apps.shared_out(["cache"], 2) == [["cache"]]
