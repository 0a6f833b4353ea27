"""Usage and ``_meta`` to a Plan: rows where nothing can notice, else instances, else untouched.

Input: what the template reads (``usage``) and how the QuerySet stands (``QueryShape``). Codegen
takes the plan next. A path that ``_meta`` does not know is dropped alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.constants import LOOKUP_SEP

from . import stock
from .coded import runs_code
from .implied import widen
from .modes import AT_HAND as AT_HAND
from .modes import Asked as Asked
from .modes import QueryShape as QueryShape
from .modes import may_join as may_join
from .modes import may_touch, may_use_rows
from .plan import InstancesPlan, Plan, Untouched
from .relations import find_joins, find_relations, follow_relation
from .rows import Order, Refused, rows_plan
from .usage import NOTHING, Usage


def make_plan(model: type[Model], usage: Usage, shape: QueryShape) -> Plan:
    """The fastest plan for a QuerySet of ``model`` that ``usage`` cannot tell from Django."""
    if untouched := may_touch(shape):
        return Untouched(model._meta.label, (untouched,))
    item = usage.item or NOTHING
    reason = may_use_rows(Asked(model, usage, shape))
    if not reason:
        more = shape.annotations or shape.known or shape.joined != "no"
        alone = not (more or (shape.deferred and not _loads_late(model)))
        order = Order(shape.joins_keep_order, not shape.free, shape.routed)
        for read in _readings(model, item):
            try:
                return rows_plan(model, read, shape.annotations, alone, order)
            except Refused as refusal:
                reason = str(refusal)
    reasons = reason, may_join(shape)
    return instances_plan(model, item, reasons, shape.known, shape.joins_keep_order)


def _loads_late(model: type[Model]) -> bool:
    """Whether each column that was deferred is loaded when it is read, by Django's descriptors."""
    columns = [field.attname for field in model._meta.concrete_fields]
    return stock.stores_plainly(model, columns)


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
