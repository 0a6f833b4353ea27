"""Runs of Django's tests, compared: what passes with DjangoTemplates must pass with ours."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conformance import adapter

ROOT = Path(__file__).parent.parent.parent
KNOWN_FAILURES = Path(__file__).with_name("known_failures.txt")
TIME_LIMIT = 600


@dataclass(frozen=True)
class Run:
    """One engine's outcomes: test id -> {"status", "text"}, and the tally of native templates."""

    outcomes: dict[str, dict[str, str]]
    tally: dict[str, dict[str, int]]

    def passed(self) -> set[str]:
        return {test for test, outcome in self.outcomes.items() if outcome["status"] == "passed"}


@dataclass(frozen=True)
class Comparison:
    """What DjangoTemplates passes, and what of that ours does not."""

    django: Run
    djust: Run

    def expected(self) -> set[str]:
        return self.django.passed()

    def failures(self) -> set[str]:
        return self.expected() - self.djust.passed()

    def share(self) -> float:
        return 1 - len(self.failures()) / len(self.expected())

    def describe(self, test: str) -> str:
        outcome = self.djust.outcomes.get(test, {"status": "not run", "text": ""})
        return f"{test}: {outcome['status']}\n{outcome['text']}"


def compare(tests: Path, labels: list[str]) -> Comparison:
    """Runs both engines side by side, each in its own process."""
    with tempfile.TemporaryDirectory() as folder:
        reports = {engine: Path(folder) / f"{engine}.json" for engine in adapter.ENGINES}
        started = [start(engine, tests, reports[engine], labels) for engine in reports]
        runs = [finish(*pair) for pair in zip(started, reports.values(), strict=True)]
    return Comparison(*runs)


def start(engine: str, tests: Path, report: Path, labels: list[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.conformance.runner", "--engine", engine]
    command += ["--tests", str(tests), "--report", str(report), *labels]
    log = report.with_suffix(".log").open("w")
    with log:
        return subprocess.Popen(
            command, cwd=ROOT, env=environment(), text=True, stdout=log, stderr=log
        )


def environment() -> dict[str, str]:
    """The caller's, without the settings of the caller's own tests."""
    dropped = {"DJANGO_SETTINGS_MODULE", "PYTHONWARNINGS"}
    return {name: value for name, value in os.environ.items() if name not in dropped}


def finish(process: subprocess.Popen[str], report: Path) -> Run:
    """RuntimeError with the end of the run's output when it left no report."""
    try:
        process.wait(TIME_LIMIT)
    finally:
        process.kill()
    if not report.exists():
        output = report.with_suffix(".log").read_text()
        raise RuntimeError(f"{report.stem}: Django's suite gave no report:\n{output[-4000:]}")
    return Run(**json.loads(report.read_text()))


def known_failures() -> dict[str, str]:
    """test id -> reason, from lines `id: reason`."""
    return dict(known_lines(KNOWN_FAILURES.read_text()))


def known_lines(text: str) -> Iterator[tuple[str, str]]:
    """ValueError for a line without a reason."""
    for line in text.splitlines():
        if line and not line.startswith("#"):
            test, _, reason = line.partition(": ")
            if not reason.strip():
                raise ValueError(f"{KNOWN_FAILURES.name}: no reason given: {line!r}")
            yield test, reason.strip()


def summary_lines(comparison: Comparison) -> Iterator[str]:
    """The figures for people: passes, the native share, the commonest reasons."""
    expected, failures = len(comparison.expected()), len(comparison.failures())
    yield (
        f"{expected - failures} of {expected} tests that pass with DjangoTemplates pass "
        f"with djust_engine ({comparison.share():.2%})"
    )
    templates, renders = (comparison.djust.tally[noun] for noun in ("templates", "renders"))
    yield (
        f"templates: {share_of(templates, 'native')} wholly native, "
        f"{share_of(templates, 'mixed')} with nodes of others, "
        f"{share_of(templates, 'django')} left to Django"
    )
    yield f"renders: {share_of(renders, 'native')} by a native program"
    reasons = comparison.djust.tally["reasons"]
    for reason, count in sorted(reasons.items(), key=lambda item: -item[1])[:12]:
        yield f"  {count:6}  {reason}"


def share_of(counts: dict[str, int], name: str) -> str:
    total = sum(counts.values())
    return f"{counts.get(name, 0)} of {total} ({counts.get(name, 0) / max(total, 1):.1%})"
