"""The explanation of a template as text for people, and as data for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlparse

from djust_engine.jit.plan import RowsPlan, batched_paths, joined_paths

from .mistakes import Mistake
from .plans import Chain, Explained, usage_lines


def as_text(chain: Chain, variables: Iterable[Explained], mistakes: Iterable[Mistake]) -> str:
    """What ``djust_explain`` prints."""
    told = [line for one in variables for line in _lines(one)]
    return "\n".join([*_chain_lines(chain), *_mistake_lines(mistakes), *told])


def _mistake_lines(mistakes: Iterable[Mistake]) -> Iterator[str]:
    for name, line, subject, code, why in mistakes:
        yield f"{name}:{line} {subject}: {why} [{code}]"


def _chain_lines(chain: Chain) -> Iterator[str]:
    for depth, name in enumerate(chain.names):
        extends = "extends " if depth else ""
        yield f"{'  ' * depth}{extends}{name}: {_engine(chain, name)}"
    if chain.opaque:
        seers = ", ".join(chain.seers) or "A tag of a library"
        yield f"{seers} may read any name: every QuerySet is fetched as instances."


def _engine(chain: Chain, name: str) -> str:
    return f"left to Django ({chain.left[name]})" if name in chain.left else "native"


def _lines(one: Explained) -> Iterator[str]:
    known = f": {one.given.model._meta.label}" if one.given else ""
    by = f", from {one.given.view}" if one.given and one.given.view else ""
    yield f"\n{one.variable}{known}{by}"
    yield from _indented("reads", list(usage_lines(one.usage)))
    if one.plan is None:
        return
    yield f"  mode {one.plan.mode}"
    yield from _indented("because", list(one.plan.reasons))
    if isinstance(one.plan, RowsPlan):
        yield from _indented("columns", [", ".join(one.plan.columns)])
    yield from _indented("joined", list(joined_paths(one.plan)))
    yield from _indented("a query each, at first touch", list(batched_paths(one.plan)))
    for sql in one.sql:
        yield from _indented("SQL", sqlparse.format(sql, reindent=True).splitlines())
    yield from _indented("serializer", one.serializer.splitlines())


def _indented(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"  {title}"
        yield from (f"    {line}" for line in lines)


def as_json(
    chain: Chain, variables: Iterable[Explained], mistakes: Iterable[Mistake]
) -> dict[str, Any]:
    """The same as data."""
    return {
        "templates": [
            {"name": name, "native": name not in chain.left, "reason": chain.left.get(name, "")}
            for name in chain.names
        ],
        "opaque": chain.opaque,
        "seers": list(chain.seers),
        "mistakes": [dict(zip(_MISTAKE, one, strict=True)) for one in mistakes],
        "variables": [_data(one) for one in variables],
    }


_MISTAKE = ("template", "line", "subject", "code", "why")


def _data(one: Explained) -> dict[str, Any]:
    told: dict[str, Any] = {"name": one.variable, "paths": one.usage.paths()}
    if one.given is None or one.plan is None:
        return told
    return {
        **told,
        "model": one.given.model._meta.label,
        "view": one.given.view,
        "mode": one.plan.mode,
        "reasons": list(one.plan.reasons),
        "columns": list(one.plan.columns) if isinstance(one.plan, RowsPlan) else [],
        "joins": list(joined_paths(one.plan)),
        "relations": list(batched_paths(one.plan)),
        "sql": list(one.sql),
        "serializer": one.serializer,
    }
