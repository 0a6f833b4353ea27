"""A profile to what a page's templates cost: one line a template, and the tree of their nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from djust_engine.decisions import Decision
from djust_engine.profile import Entry

#: Of a page's nodes, those are shown that took this share of its time, or ran a query.
LEAST_SHARE = 0.005
MOST_NODES = 600
_LONGEST_TEXT = 120


def find_templates(events: Iterable[Any], nodes: list[Entry]) -> list[dict[str, Any]]:
    """What was rendered, in the order of first touch.

    Each has ``name``, ``engine`` ("native" or "django"), ``reason``, ``left`` (nodes that are not
    native: ``line``, ``name``, ``reason``), ``compiled`` and ``seconds`` (of its own nodes), and
    ``queries``. Nodes are known of templates that were compiled during the request.
    """
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        if isinstance(event, Decision) and event.kind in ("template", "render", "node"):
            _read(found.setdefault(event.template, _new(event.template)), event)
    for node, own in zip(nodes, own_seconds(nodes), strict=True):
        template = found.setdefault(node.template, _new(node.template))
        template["seconds"] += own
        template["queries"] += node.queries
    return list(found.values())


def _new(name: str) -> dict[str, Any]:
    return {
        **{"name": name, "engine": "native", "reason": "", "left": []},
        **{"compiled": None, "seconds": 0.0, "queries": 0},
    }


def _read(template: dict[str, Any], event: Decision) -> None:
    if event.kind == "node":
        name = event.detail.get("tag") or event.detail.get("filter", "")
        template["left"].append({"line": event.line, "name": name, "reason": event.reason})
        return
    template["engine"], template["reason"] = event.mode, event.reason
    if event.kind == "template":
        template["compiled"] = event.detail.get("seconds")
    elif event.mode == "django":
        template["seconds"] += event.detail["seconds"]


def own_seconds(nodes: list[Entry]) -> list[float]:
    """The seconds of each node without those of the nodes that it rendered."""
    inside: dict[int, float] = defaultdict(float)
    for node in nodes:
        if node.around is not None:
            inside[node.around] += node.seconds
    return [max(node.seconds - inside[at], 0.0) for at, node in enumerate(nodes)]


def find_nodes(nodes: list[Entry]) -> list[dict[str, Any]]:
    """The nodes worth a line, each followed by those inside of it.

    Each has ``depth``, ``template``, ``line``, ``text``, ``calls``, ``seconds`` and ``own``
    (seconds), ``queries`` and ``query_seconds`` (of everything inside), ``avoided`` and
    ``enters`` (whether it stands in another template than the node around it).
    """
    total = sum(node.seconds for node in nodes if node.around is None)
    sums, own = _sums(nodes), own_seconds(nodes)
    lines = []
    for at, depth in _walk(nodes):
        node, (queries, seconds, avoided) = nodes[at], sums[at]
        if node.seconds < total * LEAST_SHARE and not queries:
            continue
        lines.append(
            {
                **{"depth": depth, "template": node.template, "line": node.line},
                **{"text": _short(node.text), "calls": node.calls, "seconds": node.seconds},
                **{"own": own[at], "queries": queries, "query_seconds": seconds},
                **{"avoided": avoided, "enters": _enters(nodes, node)},
            }
        )
    return lines


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"


def _enters(nodes: list[Entry], node: Entry) -> bool:
    return node.around is None or nodes[node.around].template != node.template


def _sums(nodes: list[Entry]) -> list[tuple[int, float, int]]:
    """Queries, their seconds and what was avoided, of each node and of everything inside of it."""
    sums = [[node.queries, node.query_seconds, node.avoided] for node in nodes]
    # A node is entered after the one around it.
    for at in range(len(nodes) - 1, -1, -1):
        around = nodes[at].around
        if around is not None:
            sums[around] = [mine + its for mine, its in zip(sums[around], sums[at], strict=True)]
    return [(int(queries), seconds, int(avoided)) for queries, seconds, avoided in sums]


def _walk(nodes: list[Entry]) -> Iterator[tuple[int, int]]:
    """The index and the depth of each node, those inside of a node right after it."""
    inside: dict[int | None, list[int]] = defaultdict(list)
    for at, node in enumerate(nodes):
        inside[node.around].append(at)
    waiting = [(at, 0) for at in reversed(inside[None])]
    while waiting:
        at, depth = waiting.pop()
        yield at, depth
        waiting += [(below, depth + 1) for below in reversed(inside[at])]
