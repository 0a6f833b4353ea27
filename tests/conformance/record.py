"""The record of Django's tests: which pass with Django, and how each fares with our engine.

`record.txt` has one line a test, under the line of its class, sorted, with one letter for each
version of Django:

    n   passes, and all that it renders is native
    c   so it does, and functions of filters or of libraries' tags are called
    m   passes; some template has nodes that are Django's or a library's
    d   passes; Django renders some template whole
    -   passes, and renders nothing
    f   fails (`known_failures.txt` says why)
    .   does not pass with Django, or is not among its tests

The first line names the releases that the columns are of.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import django

from tests.conformance.outcome import Comparison, Run

FILE = Path(__file__).with_name("record.txt")
SERIES = ("5.2", "6.0", "6.1")
LETTERS = {"none": "-", "native": "n", "calls": "c", "mixed": "m", "django": "d"}
ABSENT, FAILS = ".", "f"
RANKS = "-ncmd"


@dataclass
class Record:
    """`releases` of each series, and test id -> its letters, one a series."""

    releases: dict[str, str] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)

    def column(self, series: str) -> dict[str, str]:
        """test id -> letter, of the tests that pass with that Django."""
        at = SERIES.index(series)
        return {test: row[at] for test, row in self.letters.items() if row[at] != ABSENT}

    def put_column(self, series: str, release: str, column: Mapping[str, str]) -> None:
        """Replaces what was known of that series; tests of no series go."""
        at = SERIES.index(series)
        self.releases[series] = release
        for test in self.letters.keys() | column.keys():
            row = self.letters.get(test, ABSENT * len(SERIES))
            self.letters[test] = row[:at] + column.get(test, ABSENT) + row[at + 1 :]
        self.letters = {test: row for test, row in self.letters.items() if row.strip(ABSENT)}


def installed_series() -> str:
    return "{}.{}".format(*django.VERSION)


def letter(run: Run, test: str) -> str:
    """How a test fares that passes with Django."""
    outcome = run.outcomes.get(test)
    passed = outcome is not None and outcome["status"] == "passed"
    return LETTERS[outcome["mode"]] if outcome is not None and passed else FAILS


def column_of(comparison: Comparison) -> dict[str, str]:
    return {test: letter(comparison.djust, test) for test in comparison.expected()}


def read() -> Record:
    return parsed(FILE.read_text()) if FILE.exists() else Record()


def write(record: Record) -> None:
    FILE.write_text("\n".join(lines(record)) + "\n")


def parsed(text: str) -> Record:
    """Undoes `lines`."""
    head, *rest = text.splitlines()
    releases = head.removeprefix("# Django ").split(", ")
    record = Record({release.rpartition(".")[0]: release for release in releases})
    owner = ""
    for line in rest:
        if line.startswith(" "):
            row, name = line.split()
            record.letters[f"{owner}.{name}"] = row
        else:
            owner = line
    return record


def lines(record: Record) -> Iterator[str]:
    yield f"# Django {', '.join(record.releases[series] for series in sorted(record.releases))}"
    tests = sorted(record.letters, key=lambda test: tuple(test.rpartition(".")))
    for owner, group in groupby(tests, key=lambda test: test.rpartition(".")[0]):
        yield owner
        yield from (f" {record.letters[test]} {test.rpartition('.')[2]}" for test in group)


def renewed(column: Mapping[str, str], run: Run) -> dict[str, str]:
    """How the recorded tests fare in `run`; as recorded those that were skipped."""
    skipped = skipped_tests(run)
    return {test: known if test in skipped else letter(run, test) for test, known in column.items()}


def lost(column: Mapping[str, str], run: Run) -> list[str]:
    """The tests recorded as passing that did not pass, sorted; a skipped one did not run."""
    passing = {test for test, recorded in column.items() if recorded != FAILS}
    return sorted(passing - run.passed() - skipped_tests(run))


def skipped_tests(run: Run) -> set[str]:
    return {test for test, outcome in run.outcomes.items() if outcome["status"] == "skipped"}


def less_native(column: Mapping[str, str], run: Run) -> list[str]:
    """The tests that pass with less rendered natively than is recorded, as `id: n -> m`."""
    found = []
    for test in sorted(column.keys() & run.passed()):
        recorded, now = column[test], letter(run, test)
        if recorded in RANKS and RANKS.index(now) > RANKS.index(recorded):
            found.append(f"{test}: {recorded} -> {now}")
    return found


def of_labels(column: Mapping[str, str], labels: Iterable[str]) -> dict[str, str]:
    """The part of a column that belongs to test labels."""
    prefixes = tuple(labels)
    return {
        test: recorded
        for test, recorded in column.items()
        if any(test == prefix or test.startswith(f"{prefix}.") for prefix in prefixes)
    }
