"""Usage and ``_meta`` to a Plan: rows where nothing can notice, else instances, else untouched.

Input: what the template reads (``usage``) and how the QuerySet stands (``QueryShape``). Codegen
takes the plan next. A path that ``_meta`` does not know is dropped alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet
from django.db.models.constants import LOOKUP_SEP

from . import stock
from .coded import reads_late, runs_code
from .implied import widen
from .plan import InstancesPlan, Plan, Untouched
from .relations import find_joins, find_relations, follow_relation, noticed
from .routing import Routed, chooses_by_object
from .rows import FREE, Order, Refused, rows_plan
from .usage import COMPARED, ESCAPES, NOTHING, PRINTED, Usage

#: Names on a QuerySet that its rows answer, or that do not ask what it holds.
_FREE = frozenset(("all", "count", "exists"))


class QueryShape(NamedTuple):
    """What of a QuerySet, its rows apart, decides how it may be fetched."""

    queryset: type
    iterable: str
    columns_chosen: bool
    distinct: bool
    combinator: bool
    extra: bool
    locked: bool
    grouped: bool
    deferred: str  # "" | "columns" | "odd"
    joined: str  # "no" | "some" | "all"
    prefetched: tuple[str, ...]
    filtered_relations: bool
    annotations: tuple[str, ...]
    known: tuple[str, ...]
    fetch_mode: str
    routed: Routed
    receivers: int
    joins_keep_order: bool = True
    free: bool = False  # nothing orders the rows, and a join may


class Asked(NamedTuple):
    """What a plan is for: a QuerySet of this model and shape, and what is read of it."""

    model: type[Model]
    usage: Usage
    shape: QueryShape


#: Why objects that the view gives, or a relation of such an object, are not read as rows.
AT_HAND = "the objects are there already"


def may_use_rows(shape: QueryShape, usage: Usage) -> str:
    """Why a QuerySet of this shape, used so, must give instances; empty if rows will do."""
    item = usage.item or NOTHING
    return _first(
        (bool(usage.marks & ESCAPES), "it is handed to code that may do anything with it"),
        (bool(usage.marks & (PRINTED | COMPARED)), "it is printed or compared whole"),
        (bool(usage.children.keys() - _FREE), "a method of the QuerySet itself is read"),
        (_passes_on(usage), "code that is handed its number would ask the database for it"),
        (shape.combinator, "union, intersection or difference"),
        (shape.distinct, "distinct() counts the selected columns"),  # fewer columns, fewer rows
        (shape.grouped, "aggregates group by the selected columns"),
        (shape.extra, "a piece of SQL"),
        (shape.locked, "select_for_update()"),
        (shape.deferred == "odd", "only() or defer() was chosen"),
        ("" in shape.prefetched, "a Prefetch of its own was chosen"),
        (shape.filtered_relations, "a name of its own for a relation"),
        (bool(shape.fetch_mode), "a fetch mode was chosen"),
        (chooses_by_object(shape.routed), "a database router may choose for each object"),
        (bool(item.children.keys() & set(shape.known)), "its parent is in memory already"),
    ) or stock.own_queryset(shape.queryset)


def _passes_on(usage: Usage) -> bool:
    return any(child.marks & ESCAPES for child in usage.children.values())


def may_join(shape: QueryShape) -> str:
    """Why the query must keep its own select list; empty if relations may be joined to it."""
    return _first(
        (shape.combinator, "union, intersection or difference"),
        (shape.distinct, "distinct() counts the selected columns"),
        (shape.grouped, "aggregates group by the selected columns"),
        (shape.extra, "a piece of SQL"),
        (shape.locked, "select_for_update() would lock joined rows"),
        (bool(shape.deferred), "only() or defer() was chosen"),
        (shape.joined == "all", "select_related() without names was chosen"),
        (bool(shape.prefetched), "prefetch_related() was chosen"),
        (shape.filtered_relations, "a name of its own for a relation"),
        (bool(shape.fetch_mode), "a fetch mode was chosen"),
        (bool(shape.routed), "database routers choose for each relation"),
        (shape.free, FREE),
    ) or stock.own_queryset(shape.queryset)


def _first(*conditions: tuple[bool, str]) -> str:
    return next((reason for wrong, reason in conditions if wrong), "")


def make_plan(model: type[Model], usage: Usage, shape: QueryShape) -> Plan:
    """The fastest plan for a QuerySet of ``model`` that ``usage`` cannot tell from Django."""
    if shape.columns_chosen or shape.iterable != "ModelIterable":
        return Untouched(model._meta.label, ("it does not give instances",))
    item = usage.item or NOTHING
    reason = (
        may_use_rows(shape, usage)
        or reads_late(model, item)
        or next(filter(None, (noticed(model, one) for one in shape.prefetched)), "")
    )
    if not reason:
        alone = not shape.annotations and not shape.known and shape.joined == "no"
        order = Order(shape.joins_keep_order, not shape.free, shape.routed)
        for read in _readings(model, item):
            try:
                return rows_plan(model, read, shape.annotations, alone, order)
            except Refused as refusal:
                reason = str(refusal)
    reasons = reason, may_join(shape)
    return instances_plan(model, item, reasons, shape.known, shape.joins_keep_order)


def _readings(model: type[Model], item: Usage) -> list[Usage]:
    """What rows might hold: what code of theirs reads along with the rest, if there is such code.

    Without it code that reads relations would cost a query a row.
    """
    widened = widen(model, item)
    return [widened] if runs_code(model, item) else [widened, item]


def instances_plan(
    model: type[Model],
    item: Usage,
    reasons: tuple[str, str] = ("", ""),
    known: tuple[str, ...] = (),
    joins_keep_order: bool = True,
) -> InstancesPlan | Untouched:
    """Joins and batches; ``reasons`` speak against rows, and against joins.

    ``known`` names the foreign keys whose objects the QuerySet has: those of a related manager.
    """
    relations = find_relations(model, item, joins_keep_order)
    reasons_given = tuple(dict.fromkeys(reason for reason in reasons if reason))
    found = () if reasons[1] else find_joins(model, widen(model, item))
    joins = tuple(path for path in found if path.partition(LOOKUP_SEP)[0] not in known)
    if not relations and not joins:
        return Untouched(model._meta.label, reasons_given)
    return InstancesPlan(model._meta.label, joins, relations, reasons_given)


@dataclass(frozen=True, slots=True)
class QuerySetOptimization:
    """What to ask of a QuerySet so that none of the paths costs a query an object."""

    select_related: tuple[str, ...] = ()
    prefetch_related: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, list[str]]:
        return {
            "select_related": list(self.select_related),
            "prefetch_related": list(self.prefetch_related),
        }


def analyze_queryset_optimization(model: type[Model], paths: Iterable[str]) -> QuerySetOptimization:
    """The relations of ``model`` along dotted ``paths``; what ``_meta`` does not know is left out.

    ``analyze_queryset_optimization(Lease, ["property.name", "tenant.user.email"])`` joins
    ``property`` and ``tenant__user``.
    """
    joins: set[str] = set()
    prefetches: set[str] = set()
    for path in paths:
        _follow(model, path.split("."), joins, prefetches)
    return QuerySetOptimization(_longest(joins), _longest(prefetches))


def _follow(model: type[Model], names: list[str], joins: set[str], prefetches: set[str]) -> None:
    found, paths, current = "", joins, model
    for name in names:
        if name == "all" and paths is prefetches:
            continue
        step = follow_relation(current, name)
        if step is None:
            return
        current, joined = step
        paths = joins if joined and paths is joins else prefetches
        found = f"{found}__{name}" if found else name
        paths.add(found)


def _longest(paths: set[str]) -> tuple[str, ...]:
    """Without those that a longer one implies."""
    return tuple(sorted(p for p in paths if not any(other.startswith(f"{p}__") for other in paths)))


def optimize_queryset(queryset: QuerySet[Any], optimization: QuerySetOptimization) -> QuerySet[Any]:
    """The QuerySet with the relations of ``optimization``."""
    if optimization.select_related:
        queryset = queryset.select_related(*optimization.select_related)
    if optimization.prefetch_related:
        queryset = queryset.prefetch_related(*optimization.prefetch_related)
    return queryset
