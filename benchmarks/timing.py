"""Cases in, figures out: every variant of a case rendered in turn, its bytes compared each time."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

Render = Callable[[], str]
Clock = Callable[[], float]

#: "cpu" leaves out the time in which other processes had the processor.
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}

SAMPLE_MILLISECONDS = 5
MOST_REPEATS = 100
SLOW_MILLISECONDS = 100
SLOW_ROUNDS = 3


class OutputDiffers(Exception):
    """A variant gave other bytes than the first one."""


@dataclass(frozen=True)
class Case:
    """One row of the table.

    ``variants`` render the same bytes each by its own means. ``change(n)`` makes data of which no
    variant can have an old copy. ``limits`` are the most that "ours" should cost, by variant.
    """

    title: str
    variants: dict[str, Render]
    change: Callable[[int], object]
    limits: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Samples:
    """Milliseconds by variant, a sample a round."""

    times: dict[str, list[float]]

    @property
    def medians(self) -> dict[str, float]:
        return {name: median(times) for name, times in self.times.items()}

    def ratio(self, beside: str) -> float:
        """Time of "ours" beside another variant: the median of the rounds' own ratios.

        Both samples of a round were taken one after the other, so that a machine that is busy for
        a while slows both.
        """
        pairs = zip(self.times["ours"], self.times[beside], strict=False)
        return median([ours / other for ours, other in pairs])


@dataclass(frozen=True)
class Figures:
    """What a case cost: queries by variant, samples over unchanged and over changed data."""

    case: Case
    queries: dict[str, int]
    unchanged: Samples
    changed: Samples


def measure(case: Case, rounds: int, clock: Clock) -> Figures:
    """Raises OutputDiffers."""
    queries = count_queries(case)
    with collector_off():
        unchanged = take_samples(case, rounds, clock, change=False)
        changed = take_samples(case, rounds, clock, change=True)
    return Figures(case, queries, unchanged, changed)


def count_queries(case: Case) -> dict[str, int]:
    """The queries of each variant's render over changed data. Raises OutputDiffers."""
    case.change(0)
    outputs: dict[str, str] = {}
    queries: dict[str, int] = {}
    for name, render in case.variants.items():
        connection.queries_log.clear()
        with CaptureQueriesContext(connection) as captured:
            outputs[name] = render()
        queries[name] = len(captured)
    compare_outputs(case, outputs)
    return queries


def compare_outputs(case: Case, outputs: dict[str, str]) -> None:
    first, *others = outputs
    for other in others:
        if outputs[other] != outputs[first]:
            raise OutputDiffers(difference(case, first, other, outputs))


def difference(case: Case, first: str, other: str, outputs: dict[str, str]) -> str:
    pairs = enumerate(zip(outputs[first], outputs[other], strict=False))
    shorter = min(len(outputs[first]), len(outputs[other]))
    at = next((index for index, (a, b) in pairs if a != b), shorter)
    excerpts = [f"{name}: {outputs[name][max(0, at - 40) : at + 60]!r}" for name in (first, other)]
    return "\n".join([f"{case.title}: outputs differ at character {at}", *excerpts])


def take_samples(case: Case, rounds: int, clock: Clock, change: bool) -> Samples:
    """``rounds`` samples a variant; the variants take turns, the first one rotates.

    A variant that proves slow sits out the later rounds.
    """
    samples: dict[str, list[float]] = {name: [] for name in case.variants}
    repeats = repeats_a_sample(case.variants["ours"], clock)
    for number in range(1, rounds + 1):
        if change:
            case.change(number)
        present = [name for name in in_turn(samples, number) if not is_slow(samples[name])]
        outputs = {
            name: sample(case.variants[name], samples[name], repeats, clock) for name in present
        }
        compare_outputs(case, outputs)
    return Samples(samples)


def in_turn(samples: dict[str, list[float]], number: int) -> list[str]:
    names = list(samples)
    start = number % len(names)
    return names[start:] + names[:start]


def is_slow(times: list[float]) -> bool:
    return len(times) >= SLOW_ROUNDS and median(times) > SLOW_MILLISECONDS


def repeats_a_sample(render: Render, clock: Clock) -> int:
    """How many renders make a sample that is long enough for the clock and for cold caches."""
    once: list[float] = []
    sample(render, once, 1, clock)
    return max(1, min(MOST_REPEATS, round(SAMPLE_MILLISECONDS / once[0])))


def sample(render: Render, times: list[float], repeats: int, clock: Clock) -> str:
    """Append the time of one render, taken over ``repeats`` of them; return the last output."""
    gc.collect()
    start = clock()
    for _ in range(repeats):
        output = render()
    times.append((clock() - start) * 1000 / repeats)
    return output


@contextmanager
def collector_off() -> Iterator[None]:
    """Collect between the samples only, and only what was made since."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
