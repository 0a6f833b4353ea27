"""`Tally`: how many templates and renders were native, and what the others left to Django.

A template is "native" as a whole, also where it "calls" the functions of filters and of libraries'
tags; "mixed" with nodes of others; or "django"'s.
"""

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from djust_engine.decisions import Decision

#: From best to worst; the first is that of a test which renders nothing.
MODES = ("none", "native", "calls", "mixed", "django")
Counts = dict[str, dict[str, int]]


class Tally:
    def __init__(self) -> None:
        self.templates: Counter[str] = Counter()
        self.renders: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.latest = ""
        self.worst = MODES[0]

    def begin_test(self) -> None:
        self.worst = MODES[0]

    def count_render(self, mode: str) -> None:
        self.renders[mode] += 1
        self.worst = max(self.worst, mode, key=MODES.index)

    def note(self, decision: "Decision") -> None:
        """A receiver of decisions: one of a template, then those of its nodes."""
        if decision.kind == "template":
            self.latest = decision.mode
            self.templates[self.latest] += 1
        elif decision.kind == "node" and self.latest in ("native", "calls"):
            self.templates[self.latest] -= 1
            self.latest = "mixed" if decision.mode == "django" else "calls"
            self.templates[self.latest] += 1
        if decision.kind in ("template", "node") and decision.mode != "native":
            self.reasons[reason(decision)] += 1

    def as_dict(self) -> Counts:
        counters = {"templates": self.templates, "renders": self.renders, "reasons": self.reasons}
        return {name: dict(counter) for name, counter in counters.items()}


def reason(decision: "Decision") -> str:
    """What runs as Python, without the place: `tag lorem: ...`, `template: ...`."""
    for noun in ("tag", "filter"):
        if noun in decision.detail:
            return f"{noun} {decision.detail[noun]}: {decision.reason}"
    return f"template: {decision.reason}"


def added(tallies: list[Counts]) -> Counts:
    """The tallies of several processes as one."""
    sums: dict[str, Counter[str]] = {}
    for tally in tallies:
        for noun, counts in tally.items():
            sums.setdefault(noun, Counter()).update(counts)
    return {noun: dict(counts) for noun, counts in sums.items()}
