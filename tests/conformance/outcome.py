"""Runs of Django's tests: `run_engine` gives one engine's outcomes, `compare` those of both."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conformance import adapter, apps
from tests.conformance.tally import MODES, Counts, added

ROOT = Path(__file__).parent.parent.parent
KNOWN_FAILURES = Path(__file__).with_name("known_failures.txt")
TIME_LIMIT = 3600
WORKERS = 2


@dataclass(frozen=True)
class Run:
    """One engine's outcomes: test id -> {"status", "mode", "text"}, and the tally of templates."""

    outcomes: dict[str, dict[str, str]]
    tally: Counts

    def passed(self) -> set[str]:
        return {test for test, outcome in self.outcomes.items() if outcome["status"] == "passed"}

    def describe(self, test: str) -> str:
        outcome = self.outcomes.get(test, {"status": "not run", "text": ""})
        return f"{test}: {outcome['status']}\n{outcome['text']}"


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


@dataclass(frozen=True)
class Order:
    """What to run: an engine over test labels, each in `tests`; `workers` processes at a time."""

    tests: Path
    labels: list[str]
    workers: int = WORKERS
    form_renderer: bool = False

    def command(self, engine: str, labels: list[str], report: Path) -> list[str]:
        command = [sys.executable, "-m", "tests.conformance.runner", "--engine", engine]
        command += ["--form-renderer"] if self.form_renderer else []
        return [*command, "--tests", str(self.tests), "--report", str(report), *labels]


def compare(order: Order) -> Comparison:
    return Comparison(*(run_engine(engine, order) for engine in adapter.ENGINES))


def run_engine(engine: str, order: Order) -> Run:
    """Each group of labels in a process of its own. RuntimeError when one leaves no report."""
    groups = apps.shared_out(order.labels, order.workers)
    with tempfile.TemporaryDirectory() as folder:
        reports = [Path(folder) / f"{engine}-{number}.json" for number in range(len(groups))]
        pairs = zip(groups, reports, strict=True)
        started = [start(order.command(engine, *pair), pair[1]) for pair in pairs]
        deadline = time.monotonic() + TIME_LIMIT
        try:
            runs = [finish(*pair, deadline) for pair in zip(started, reports, strict=True)]
        finally:
            for process in started:
                process.kill()
    outcomes = {test: outcome for run in runs for test, outcome in run.outcomes.items()}
    return Run(outcomes, added([run.tally for run in runs]))


def start(command: list[str], report: Path) -> subprocess.Popen[str]:
    with report.with_suffix(".log").open("w") as log:
        return subprocess.Popen(
            command, cwd=ROOT, env=environment(), text=True, stdout=log, stderr=log
        )


def environment() -> dict[str, str]:
    """The caller's, without the settings of the caller's own tests."""
    dropped = {"DJANGO_SETTINGS_MODULE", "PYTHONWARNINGS"}
    return {name: value for name, value in os.environ.items() if name not in dropped}


def finish(process: subprocess.Popen[str], report: Path, deadline: float) -> Run:
    """RuntimeError with the end of the run's output when it left no report."""
    process.wait(max(deadline - time.monotonic(), 1))
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


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """The figures for people: passes, the native share, the commonest reasons."""
    expected, failures = len(comparison.expected()), len(comparison.failures())
    yield (
        f"{expected - failures} of {expected} tests that pass with DjangoTemplates pass "
        f"with djust_engine ({comparison.share():.2%})"
    )
    yield from tally_lines(comparison.djust.tally)


def tally_lines(tally: Counts) -> Iterator[str]:
    for noun in ("templates", "renders"):
        native, calls, mixed, django = (tally[noun].get(mode, 0) for mode in MODES[1:])
        total = native + calls + mixed + django
        share = (native + calls) / max(total, 1)
        yield f"{noun}: {native + calls} of {total} native ({share:.1%}), {calls} with calls"
        yield f"  {mixed} with nodes of others, {django} by Django"
    for reason, count in sorted(tally["reasons"].items(), key=lambda item: -item[1])[:20]:
        yield f"  {count:6}  {reason}"
