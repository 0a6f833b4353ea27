"""Reads the JUnit report of each environment named, and fails when a test is missing.

Missing is: an environment without a report or without tests, a test that another environment
has and this one has not, a test that is skipped in all of them.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree


def outcomes(report: Path) -> dict[str, bool]:
    """Test id -> whether it ran."""
    cases = ElementTree.parse(report).iter("testcase")
    return {
        f"{case.get('classname')}::{case.get('name')}": case.find("skipped") is None
        for case in cases
    }


def complaints(found: dict[str, dict[str, bool]]) -> Iterator[str]:
    every = set().union(*found.values())
    if not every:
        yield "no test ran"
    for environment, tests in found.items():
        for test in sorted(every - tests.keys()):
            yield f"{environment}: {test} is missing"
    for test in sorted(every):
        if not any(tests.get(test) for tests in found.values()):
            yield f"{test} ran nowhere"


def main(folder: Path, environments: list[str]) -> int:
    reports = {name: folder / f"{name}.xml" for name in environments}
    absent = [name for name, report in reports.items() if not report.exists()]
    found = {name: outcomes(path) for name, path in reports.items() if name not in absent}
    lines = [f"{name}: no report" for name in absent] + list(complaints(found))
    print(*lines, sep="\n", file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
