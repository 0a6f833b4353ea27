"""The one stream of decisions: each stage emits, whoever wants to know subscribes.

Log, panel, middleware, metrics and commands read this stream; no stage knows any of them.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from types import MappingProxyType
from typing import Any, NamedTuple

logger = logging.getLogger("djust.jit")


class Decision(NamedTuple):
    """What was decided, where in which template, and why.

    ``kind`` is the stage: "plan", "cache", "fetch", "batch", "template", "node", "render",
    "config", "verify", "query", "request", "learned". ``mode`` is the outcome: "rows",
    "instances", "untouched"; "hit", "miss"; of a store of plans "error", "rejected",
    "recovered"; "native", "called", "django"; "same", "different", "unstable"; "warn",
    "forbid"; "learned", "forgotten"; of a request, its method.
    """

    kind: str
    template: str
    line: int = 0
    variable: str = ""
    model: str = ""
    mode: str = ""
    reason: str = ""
    detail: Mapping[str, Any] = MappingProxyType({})


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
    """A receiver that writes the decision as a line of the logger ``djust.jit``.

    The record has the same as data in its attribute ``djust``.
    """
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug("%s", line(decision), extra={"djust": as_data(decision)})


def as_data(decision: Decision) -> dict[str, Any]:
    """The decision as JSON can hold it: its fields that are set, and the plain details."""
    told = decision._asdict()
    plain = {name: _plain(value) for name, value in told.pop("detail").items()}
    return {name: value for name, value in {**told, **plain}.items() if value not in ("", 0, None)}


def _plain(value: Any) -> Any:
    """A number, a text or a list of these as it is; None for anything else, such as a plan."""
    if isinstance(value, list | tuple):
        return [one for one in map(_plain, value) if one is not None]
    return value if isinstance(value, str | int | float) else None


def line(decision: Decision) -> str:
    """The decision as one line: names, counts and reasons, never a value of a row."""
    if decision.kind == "request":
        return _request_line(decision)
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
    relation = detail.get("relation")
    through = f" for {relation}" if relation else ""
    number = detail.get("queries", 0)
    return (
        f"Serialized {detail.get('objects', 0)} objects of {decision.model}{through}"
        f" as {decision.mode} in {number} {'query' if number == 1 else 'queries'}"
    )


def _query_line(decision: Decision) -> str:
    times = decision.detail.get("times", 1)
    return f"Query: {decision.mode} {times} times {decision.detail.get('sql', '')}"


def _request_line(decision: Decision) -> str:
    detail = decision.detail
    milliseconds = 1000 * detail.get("render_seconds", 0)
    queries = detail.get("queries", 0)
    return f"Request: {decision.mode} {detail.get('view')} {queries} queries {milliseconds:.1f} ms"


def _other_line(decision: Decision) -> str:
    parts = [decision.kind, decision.mode, decision.reason]
    seconds = decision.detail.get("seconds")
    if isinstance(seconds, float):
        parts.append(f"{seconds * 1000:.1f} ms")
    return " ".join(part for part in parts if part)


_LINES: dict[str, Callable[[Decision], str]] = {
    "plan": _plan_line,
    "cache": _cache_line,
    "fetch": _fetch_line,
    "batch": _fetch_line,
    "query": _query_line,
}
