"""A recorded request as data for the toolbar's store, without values, and as the panel shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import sqlparse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from djust_engine.decisions import Decision
from djust_engine.jit.cache import get_cache
from djust_engine.jit.codegen import generate_serializer_code
from djust_engine.profile import Entry
from djust_engine.queries import Query

from .costs import MOST_NODES, find_nodes, find_templates
from .sites import find_sites

Report = dict[str, Any]


def make_report(events: list[Decision | Query], nodes: list[Entry]) -> Report:
    """The stats of the panel, from what was recorded: JSON throughout.

    ``saved`` is how many queries Django would have run beyond ``queries`` (those that ran inside
    templates); for instances that came by a join it counts each, read or not: then it is not
    ``exact``. ``nodes_left`` is how many nodes have no line in ``nodes``. ``cache`` counts for the
    whole process, and ``troubles`` are those of the store of plans.
    """
    sites = find_sites(events)
    inside = [one for one in events if isinstance(one, Query) and one.place is not None]
    unplanned = find_unplanned(inside)
    saved = sum(node.avoided for node in nodes) + sum(site["saved"] for site in sites)
    told = find_nodes(nodes)
    return {
        "saved": max(saved, 0),
        "exact": not any(site["joined"] for site in sites),
        "queries": len(inside),
        "unplanned_number": sum(one["times"] for one in unplanned),
        "seconds": sum(node.seconds for node in nodes if node.around is None),
        "sites": sites,
        "unplanned": unplanned,
        "templates": find_templates(events, nodes),
        "nodes": told[:MOST_NODES],
        "nodes_left": len(nodes) - len(told[:MOST_NODES]),
        "cache": get_cache().stats()._asdict(),
        "troubles": [{"reason": one} for one in dict.fromkeys(_troubles(events))][:_MOST_TROUBLES],
    }


_MOST_TROUBLES = 5


def _troubles(events: list[Decision | Query]) -> Iterator[str]:
    """What went wrong with the store of plans."""
    for one in events:
        if isinstance(one, Decision) and one.kind == "cache" and not one.model:
            yield one.reason


def find_unplanned(queries: list[Query]) -> list[dict[str, Any]]:
    """The queries that no plan foresaw, by node and statement; those that ran most often first."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for query in queries:
        if query.planned or query.place is None:
            continue
        place = query.place._asdict()
        new = {**place, "sql": query.shape, "times": 0, "seconds": 0.0}
        one = found.setdefault((*query.place, query.database, query.shape), new)
        one["times"] += 1
        one["seconds"] += query.seconds
    return sorted(found.values(), key=lambda one: -one["times"])


def with_sources(report: Mapping[str, Any]) -> Report:
    """The report as the panel's templates read it: milliseconds, trees of paths, and sources."""
    shown = {
        key: [_timed(one) for one in value] if isinstance(value, list) else value
        for key, value in report.items()
    }
    shown["sites"] = [_with_source(site) for site in shown.get("sites", ())]
    return _timed(shown)


def _timed(line: Mapping[str, Any]) -> Report:
    """With each number of seconds as milliseconds, too."""
    times = {
        name: None if line[key] is None else line[key] * 1000
        for key, name in _TIMES.items()
        if key in line
    }
    return {**line, **times}


_TIMES = {
    "seconds": "milliseconds",
    "own": "own_milliseconds",
    "compiled": "compiled_milliseconds",
}


def _with_source(site: Mapping[str, Any]) -> Report:
    queries = [{**_timed(query), "sql": _formatted(query["sql"])} for query in site["queries"]]
    tree = path_tree(site["paths"])
    return {**site, "serializer": _serializer(site), "queries": queries, "tree": tree}


def path_tree(paths: list[str]) -> list[Any]:
    """Dotted paths as ``unordered_list`` takes them: a name, then the list of those below."""
    below: dict[str, list[str]] = {}
    for path in paths:
        name, _, rest = path.partition(".")
        below.setdefault(name, []).extend([rest] if rest else [])
    tree: list[Any] = []
    for name, names in below.items():
        tree += [name, path_tree(names)] if names else [name]
    return tree


@lru_cache(512)
def _formatted(sql: str) -> str:
    formatted: str = sqlparse.format(sql, reindent=True, keyword_case="upper")
    return formatted


def _serializer(site: Mapping[str, Any]) -> SafeString:
    """The function that `generate_serializer_code` writes for what the site reads."""
    paths = [path for path in site["paths"] if path]
    if not paths:
        return mark_safe("")
    try:
        return highlighted(generate_serializer_code(site["model"], paths, "serialize"))
    except ValueError as error:
        return format_html("<p>{}</p>", error)


def highlighted(source: str) -> SafeString:
    """Python source as HTML, in colours where Pygments is installed."""
    if find_spec("pygments") is None:
        return format_html("<pre>{}</pre>", source)
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    formatter = HtmlFormatter(cssclass="djust-source", noclasses=False)
    return mark_safe(highlight(source, PythonLexer(), formatter) or escape(source))
