"""The one stream of decisions: each stage emits, whoever wants to know subscribes.

Log, panel, middleware, metrics and commands read this stream; no stage knows any of them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from types import MappingProxyType
from typing import Any

logger = logging.getLogger("djust.jit")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, where in which template, and why.

    ``kind`` is the stage: "plan", "cache", "fetch", "batch", "template", "node", "render",
    "config", "verify", "query", "request", "learned". ``mode`` is the outcome: "rows",
    "instances", "untouched"; "hit", "miss"; "native", "called", "django"; "same", "different",
    "unstable"; "warn", "forbid"; "learned", "forgotten"; of a request, its method.
    """

    kind: str
    template: str
    line: int = 0
    variable: str = ""
    model: str = ""
    mode: str = ""
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


Receiver = Callable[[Decision], None]

_lock = Lock()
_receivers: tuple[Receiver, ...] = ()


def wanted() -> bool:
    """Whether anybody listens; ask before building a Decision."""
    return bool(_receivers)


def emit(decision: Decision) -> None:
    """Hand the decision to every receiver, in the order of subscription."""
    for receiver in _receivers:
        receiver(decision)


def subscribe(receiver: Receiver) -> Receiver:
    """Call ``receiver(decision)`` from now on, in any thread. Once, however often subscribed."""
    global _receivers
    with _lock:
        if receiver not in _receivers:
            _receivers = (*_receivers, receiver)
    return receiver


def unsubscribe(receiver: Receiver) -> None:
    """Stop calling ``receiver``; nothing happens when it was not subscribed."""
    global _receivers
    with _lock:
        _receivers = tuple(one for one in _receivers if one != receiver)


_collecting: ContextVar[tuple[list[Decision], ...]] = ContextVar("djust_collecting", default=())
_collectors = 0


@contextmanager
def collect(decisions: list[Any] | None = None) -> Iterator[list[Any]]:
    """A list of the decisions made meanwhile by this thread or task, and by no other.

    A list that is given gets them at its end.
    """
    decisions = [] if decisions is None else decisions
    token = _collecting.set((*_collecting.get(), decisions))
    _count_collectors(1)
    try:
        yield decisions
    finally:
        _count_collectors(-1)
        _collecting.reset(token)


def _count_collectors(change: int) -> None:
    global _collectors
    with _lock:
        _collectors += change
        collectors = _collectors
    (subscribe if collectors else unsubscribe)(_to_collectors)


def _to_collectors(decision: Decision) -> None:
    for decisions in _collecting.get():
        decisions.append(decision)


def log(decision: Decision) -> None:
    """A receiver that writes the decision as a line of the logger ``djust.jit``."""
    logger.debug("%s", line(decision))


def line(decision: Decision) -> str:
    """The decision as one line: names, counts and reasons, never a value of a row."""
    where = f"Template: {decision.template or '<string>'}"
    if decision.line:
        where += f":{decision.line}"
    if decision.variable:
        where += f" Variable: {decision.variable}"
    return f"{where} {_LINES.get(decision.kind, _other_line)(decision)}"


def _plan_line(decision: Decision) -> str:
    paths = ", ".join(decision.detail.get("paths", ()))
    found = f"Extracted paths: {paths} " if paths else ""
    why = f" ({decision.reason})" if decision.reason else ""
    return f"{found}Optimization: {decision.mode} {decision.model}{why}"


def _cache_line(decision: Decision) -> str:
    return f"Cache: {decision.mode.upper()}"


def _fetch_line(decision: Decision) -> str:
    detail = decision.detail
    return (
        f"Serialized {detail.get('objects', 0)} objects of {decision.model} as {decision.mode}"
        f" in {detail.get('queries', 0)} queries"
    )


def _other_line(decision: Decision) -> str:
    return " ".join(part for part in (decision.kind, decision.mode, decision.reason) if part)


_LINES: dict[str, Callable[[Decision], str]] = {
    "plan": _plan_line,
    "cache": _cache_line,
    "fetch": _fetch_line,
    "batch": _fetch_line,
}
