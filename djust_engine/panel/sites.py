"""Decisions and queries to the sites of a page: what each read, how that was fetched, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from djust_engine.decisions import Decision
from djust_engine.jit.plan import Plan, RowsPlan, batched_paths, joined_paths
from djust_engine.queries import Query

Site = dict[str, Any]


def find_sites(events: Iterable[Decision | Query]) -> list[Site]:
    """The sites in the order of their first touch, as data for JSON.

    Each has ``template``, ``line``, ``variable``, ``model``, ``mode``, ``reasons``, ``paths``,
    ``columns``, ``joins``, ``relations``, ``django`` (sentences), ``cache`` ("hit" or "miss"),
    ``objects``, ``fetches``, ``seconds``, ``saved``, ``joined`` (of these, what came by joins) and
    ``queries`` (``sql`` without values, ``seconds``, ``times``).
    """
    sites: dict[tuple[str, int, str, str], Site] = {}
    ran: list[Query] = []
    touched: Site | None = None
    for event in events:
        if isinstance(event, Query):
            ran.append(event)
        elif event.kind in _READERS and event.model:
            site = touched = _site_of(sites, event, touched)
            _READERS[event.kind](site, event, ran)
    return list(sites.values())


def _site_of(
    sites: dict[tuple[str, int, str, str], Site], event: Decision, touched: Site | None
) -> Site:
    """The site that an event is about; what is fetched below a site belongs to it."""
    place = event.template, event.line, event.variable
    if event.kind in ("fetch", "batch") and touched is not None and _place(touched) == place:
        return touched
    return sites.setdefault((*place, event.model), _new_site(event))


def _place(site: Site) -> tuple[str, int, str]:
    return site["template"], site["line"], site["variable"]


def _new_site(event: Decision) -> Site:
    return {
        **{"template": event.template, "line": event.line, "variable": event.variable},
        **{"model": event.model, "mode": event.mode, "cache": "", "reasons": [], "paths": []},
        **{"columns": [], "joins": [], "relations": [], "django": []},
        **{"objects": 0, "fetches": 0, "seconds": 0.0, "saved": 0, "joined": 0, "queries": []},
    }


def _read_plan(site: Site, event: Decision, ran: list[Query]) -> None:
    plan: Plan = event.detail["plan"]
    site["mode"] = plan.mode
    site["reasons"] = list(plan.reasons)
    site["paths"] = list(event.detail["paths"])
    if isinstance(plan, RowsPlan):
        site["columns"] = list(plan.columns)
    site["joins"] = list(joined_paths(plan))
    site["relations"] = list(batched_paths(plan))
    site["django"] = list(tell_django(plan))


def _read_cache(site: Site, event: Decision, ran: list[Query]) -> None:
    site["cache"] = site["cache"] or event.mode
    if "plan" in event.detail:
        _read_plan(site, event, ran)


def _read_fetch(site: Site, event: Decision, ran: list[Query]) -> None:
    detail, number = event.detail, event.detail["queries"]
    relation = detail.get("relation")
    is_own = not relation and event.model == site["model"]
    site["fetches"] += number
    site["objects"] += detail["objects"] if is_own else 0
    site["saved"] += detail.get("joined", 0)
    site["joined"] += detail.get("joined", 0)
    if not is_own:
        # What rows made unnecessary is counted where it was read: see `Profile.avoid`.
        site["saved"] += (detail["objects"] if relation else 0) - number
    for query in _take(ran, number):
        _add_query(site, query)


def _take(ran: list[Query], number: int) -> list[Query]:
    """The last planned queries before the decision that tells of them."""
    planned = [query for query in ran if query.planned]
    ran.clear()
    return planned[-number:] if number else []


def _add_query(site: Site, query: Query) -> None:
    site["seconds"] += query.seconds
    for known in site["queries"]:
        if known["sql"] == query.shape:
            known["times"] += 1
            known["seconds"] += query.seconds
            return
    site["queries"].append({"sql": query.shape, "seconds": query.seconds, "times": 1})


_READERS = {
    "plan": _read_plan,
    "cache": _read_cache,
    "fetch": _read_fetch,
    "batch": _read_fetch,
}


def tell_django(plan: Plan) -> Iterator[str]:
    """What Django runs for the same template when nobody has told it what will be read."""
    joins, relations = list(joined_paths(plan)), list(batched_paths(plan))
    if joins:
        yield f"a query for each object that has one: {', '.join(joins)}"
    if relations:
        yield f"a query each time that one is read: {', '.join(relations)}"
