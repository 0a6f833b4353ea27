"""What was measured, as text."""

import argparse
import os
import platform
from dataclasses import dataclass
from importlib.metadata import version

from .generator import Driven
from .sites import NAIVE, OURS, TUNED, Variant, Weight
from .visitor import Seen


@dataclass(frozen=True)
class Figures:
    """One run: what the generator and the visitor saw, and the workers' weight around it."""

    variant: Variant
    driven: Driven
    seen: Seen
    before: Weight
    after: Weight

    @property
    def processor(self) -> float:
        """Milliseconds of a processor that the workers took for a request."""
        spent = self.after.processor - self.before.processor
        return 1000 * spent / max(1, self.driven.requests)

    @property
    def errors(self) -> int:
        return self.driven.errors + self.seen.wrong


def conditions(options: argparse.Namespace) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "gunicorn", "uvicorn"))
    return (
        f"CPython {platform.python_version()}, {packages}; {os.cpu_count()} cores, load "
        f"{os.getloadavg()[0]:.1f} at the start.\n"
        f"{options.workers} workers, {options.threads} threads a worker of gthread, "
        f"{options.connections} connections, {options.seconds:.0f} s a run; Redis away in the "
        "second third.\n"
        "Visitor: the slowest of the new pages that he asked for, with Redis and without it."
    )


def table(server: str, figures: list[Figures]) -> str:
    lines = [
        f"\n{server:26}{'req/s':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'errors':>8}"
        f"{'cpu ms':>8}{'MiB a worker':>14}{'visitor, ms':>16}"
    ]
    lines += [_line(one) for one in figures]
    beside = {one.variant: one for one in figures}
    lines += [_ratios(beside[OURS], beside[other]) for other in (NAIVE, TUNED)]
    return "\n".join(lines)


def _ratios(ours: Figures, other: Figures) -> str:
    rate = ours.driven.a_second / (other.driven.a_second or float("nan"))
    processor = other.processor / ours.processor
    title = f"  beside {other.variant.title}"
    return f"{title:34}{rate:.1f}x the requests, 1/{processor:.1f} of the processor"


def _line(one: Figures) -> str:
    driven, seen = one.driven, one.seen
    memory = f"{one.before.mean:.0f} -> {one.after.mean:.0f}"
    slowest = f"{seen.slowest.get(True, 0):.0f} / {seen.slowest.get(False, 0):.0f}"
    return (
        f"{one.variant.title:26}{driven.a_second:8.1f}{driven.p50:8.1f}{driven.p95:8.1f}"
        f"{driven.p99:8.1f}{one.errors:8}{one.processor:8.1f}{memory:>14}{slowest:>16}"
    )


def memory_heading(server: str, options: argparse.Namespace) -> str:
    return f"\n{server}, {options.workers} workers: MiB in memory of each"


def memory_line(seconds: float, weight: Weight) -> str:
    return f"{seconds:8.0f} s" + "".join(f"{size:9.1f}" for size in weight.resident)


def memory_end(driven: Driven, samples: list[tuple[float, Weight]]) -> str:
    later = samples[len(samples) // 2 :]
    grown = later[-1][1].mean - later[0][1].mean
    return (
        f"{driven.requests} requests, {driven.a_second:.1f} a second, {driven.errors} errors; "
        f"{grown:+.2f} MiB a worker in the second half."
    )
