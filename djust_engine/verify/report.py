"""What is told of a comparison: a decision for each; of a difference, a log line or an error."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from djust_engine import decisions
from djust_engine.decisions import Decision, emit, wanted

from .observe import Outcome
from .trace import Place

# What differs between two renders of Django, too: addresses of objects, and tokens with a mask.
_MASKS = re.compile(
    r"""0x[0-9a-fA-F]{6,}
    | (?<=csrfmiddlewaretoken"[ ]value=")\w+
    | (?<=csrfmiddlewaretoken'[ ]value=')\w+""",
    re.VERBOSE,
)
_AROUND = 60
_SHOWN_QUERIES = 5


@dataclass(frozen=True)
class Difference:
    """What of a render differs: `kind` is "text", "type", "error" or "queries"."""

    kind: str
    place: Place
    django: str
    ours: str

    def __str__(self) -> str:
        where = f"{self.place.template or '<string>'}:{self.place.line}"
        lines = [f"{where}: {_HEADINGS[self.kind]}"]
        if self.place.source:
            lines.append(f"  source: {self.place.source}")
        if self.place.variable:
            lines.append(f"  variable: {self.place.variable}")
        if self.place.path != self.place.variable:
            lines.append(f"  in the context: {self.place.path}")
        return "\n".join([*lines, f"  Django: {self.django}", f"  djust_engine: {self.ours}"])


_HEADINGS = {
    "text": "djust_engine and Django rendered different texts",
    "type": "djust_engine and Django rendered texts of different types",
    "error": "djust_engine and Django ended differently",
    "queries": "djust_engine ran more queries than Django",
}


class VerificationError(Exception):
    """A render that is not Django's; `difference` says in what."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(str(difference))
        self.difference = difference


def report(difference: Difference, mode: str) -> None:
    """Emit the decision, and log the difference or raise it, as VERIFY says."""
    place = difference.place
    detail = {"kind": difference.kind, "django": difference.django, "ours": difference.ours}
    reason = f"{_HEADINGS[difference.kind]} ({place.source})" if place.source else ""
    emit(
        Decision(
            "verify",
            place.template,
            place.line,
            place.path,
            mode="different",
            reason=reason or _HEADINGS[difference.kind],
            detail=detail,
        )
    )
    if mode == "raise":
        raise VerificationError(difference)
    decisions.logger.error("%s", difference)


def note(template: Any, mode: str, reason: str = "") -> None:
    """Emit that a render was compared and is the "same", or that it is "unstable"."""
    if wanted():
        emit(Decision("verify", template.origin.name, mode=mode, reason=reason))


def masked(text: str) -> str:
    """The text with what may differ struck out, character by character."""
    return _MASKS.sub(lambda found: "x" * len(found[0]), text)


def is_same(one: Outcome, other: Outcome) -> bool:
    """Whether two renders made the same, whatever queries they took."""
    if one.error is not None or other.error is not None:
        return type(one.error) is type(other.error) and masked(str(one.error)) == masked(
            str(other.error)
        )
    return type(one.text) is type(other.text) and (
        one.text == other.text or masked(str(one.text)) == masked(str(other.text))
    )


def first_difference(one: str, other: str) -> int:
    """The offset of the first character that differs, struck out ones aside."""
    one, other = masked(one), masked(other)
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def excerpt(text: str, offset: int) -> str:
    """What stands around an offset, with an arrow before it."""
    start, end = max(0, offset - _AROUND), offset + _AROUND
    before = ("…" if start else "") + repr(text[start:offset])[1:-1]
    after = repr(text[offset:end])[1:-1] + ("…" if end < len(text) else "")
    return f"{before} ⟶ {after}"


def described(outcome: Outcome) -> str:
    """An outcome in a line, for one that ended unlike the other."""
    if outcome.error is None:
        return f"a text of {len(str(outcome.text))} characters"
    notes = [f" [{line}]" for line in getattr(outcome.error, "__notes__", ())]
    return f"{type(outcome.error).__name__}: {outcome.error}{''.join(notes)}"


def described_queries(outcome: Outcome, other: Outcome) -> str:
    """How many queries, and the first of those that the other did not run."""
    only = list((Counter(outcome.queries) - Counter(other.queries)).elements())
    shown = "".join(f"\n    {sql}" for sql in only[:_SHOWN_QUERIES])
    left = f"\n    and {len(only) - _SHOWN_QUERIES} more" if len(only) > _SHOWN_QUERIES else ""
    return f"{len(outcome.queries)} queries{', of them alone:' if shown else ''}{shown}{left}"
