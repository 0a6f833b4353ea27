"""Rows, instances or untouched: what decides, with a reason a line.

Each predicate gives the first reason against, or an empty string; what a relation or a column has
to say for itself is asked of ``stock``, ``relations`` and ``coded``.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Model

from . import stock
from .coded import reads_late
from .relations import noticed
from .routing import Routed, chooses_by_object
from .usage import COMPARED, ESCAPES, ITERATED, LENGTH, NOTHING, PRINTED, Usage

#: Names on a QuerySet that its rows answer, or that do not ask what it holds.
_FREE_NAMES = frozenset(("all", "count", "exists"))

#: Why tables are not joined to rows that nothing orders.
FREE = "the rows are in no order, which a join may change in this database"
#: Why objects that the view gives, or a relation of such an object, are not read as rows.
AT_HAND = "the objects are there already"


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


def may_touch(shape: QueryShape) -> str:
    """Why a QuerySet of this shape is left to Django."""
    gives = not shape.columns_chosen and shape.iterable == "ModelIterable"
    return _first((not gives, "it does not give instances"))


def may_use_rows(asked: Asked) -> str:
    """Why the QuerySet must give instances."""
    model, usage, shape = asked
    item = usage.item or NOTHING
    return _first(
        (bool(usage.marks & ESCAPES), "it is handed to code that may do anything with it"),
        (bool(usage.marks & (PRINTED | COMPARED)), "it is printed or compared whole"),
        (bool(usage.children.keys() - _FREE_NAMES), "a method of the QuerySet itself is read"),
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
    ) or _first_of(
        stock.own_queryset(shape.queryset),
        reads_late(model, item),
        *(noticed(model, one) for one in shape.prefetched),
    )


def may_be_row(model: type[Model], usage: Usage) -> str:
    """Why an object that is used so must be an instance."""
    name, is_iterated = model.__name__, usage.marks & (ITERATED | LENGTH) or usage.item is not None
    return _first(
        (bool(usage.marks & ESCAPES), f"{name} escapes to code that may do anything with it"),
        (bool(usage.marks & COMPARED), f"{name} is compared"),
        (bool(is_iterated), f"{name} is used as a sequence"),
    ) or _first_of(stock.observed(model), stock.unlinked(model))


def may_join(shape: QueryShape) -> str:
    """Why the query must keep its own select list, and relations are fetched by queries of ours."""
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


def _passes_on(usage: Usage) -> bool:
    return any(child.marks & ESCAPES for child in usage.children.values())


def _first(*conditions: tuple[bool, str]) -> str:
    return next((reason for wrong, reason in conditions if wrong), "")


def _first_of(*reasons: str) -> str:
    return next(filter(None, reasons), "")
