"""First touch of a Site: run the plan, give rows or instances, batch the peers.

The renderer calls ``query`` for a QuerySet that is iterated, tested or measured, ``instances`` for
a list, and ``instance`` for a single object; None means: Django as it is.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import perf_counter
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connections, router
from django.db.models import Model, QuerySet
from django.db.models.base import ModelBase
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Lookup
from django.db.models.query import ModelIterable
from django.db.models.signals import post_init, pre_init
from django.db.models.sql import Query
from django.db.models.sql.where import ExtraWhere

from .. import switches
from ..conf import get_config
from ..decisions import Decision, emit, wanted
from ..switches import is_untouched
from .batch import Batch, Peers, is_complete
from .cache import get_cache
from .circles import Tell
from .coded import runs_code
from .codegen import Binder, Load, Row, group
from .instances import evaluate
from .modes import fetch_mode
from .optimizer import QueryShape, instances_plan, make_plan
from .plan import InstancesPlan, Many, Plan, RowsPlan, Untouched
from .statements import Statements
from .tracked import is_asked_of_peers
from .usage import NOTHING, Usage

#: Keys in one ``IN``: below the number of parameters that any database takes.
_CHUNK = 30_000
_MOST_STEPS = 64


class Site:
    """A place in a template where a variable is read; made once by the renderer."""

    __slots__ = ("_readings", "line", "off", "template", "usage", "variable")

    def __init__(
        self, template: str, line: int, variable: str, usage: Mapping[str, Any], off: str = ""
    ) -> None:
        self.off = off
        self.template = template
        self.line = line
        self.variable = variable
        self.usage = Usage.read(usage)
        self._readings: dict[tuple[Site, ...], Reading] = {}

    def reading(self, sites: tuple[Site, ...]) -> Reading:
        reading = self._readings.get(sites)
        if reading is None:
            reading = self._readings[sites] = Reading(sites)
        return reading


class Reading:
    """What several sites read of one value, and how that was fetched before (an inline cache)."""

    __slots__ = ("_coded", "beside", "site", "steps", "usage")

    def __init__(self, sites: tuple[Site, ...]) -> None:
        self.site = sites[0]
        self.usage = self.site.usage
        for site in sites[1:]:
            self.usage = self.usage.union(site.usage)
        self.steps: dict[tuple[type[Model], QueryShape], Prepared] = {}
        self.beside: dict[tuple[type[Model], bool], InstancesPlan | Untouched] = {}
        self._coded: dict[tuple[type[Model], bool], bool] = {}

    def runs_code(self, model: type[Model], elements: bool) -> bool:
        """Whether code may read relations of the objects, or of objects behind them."""
        found = self._coded.get((model, elements))
        if found is None:
            usage = (self.usage.item or NOTHING) if elements else self.usage
            found = self._coded[model, elements] = runs_code(model, usage)
        return found

    def plan_beside(self, model: type[Model], elements: bool) -> InstancesPlan | Untouched:
        """The plan for instances that somebody has already: elements of a list, or one object."""
        plan = self.beside.get((model, elements))
        if plan is None:
            usage = (self.usage.item or NOTHING) if elements else self.usage
            plan = self.beside[model, elements] = instances_plan(model, usage)
            _tell_plan(self, plan)
        elif wanted():
            _tell_cache(self, model, "hit", plan)
        return plan

    def why_off(self) -> str:
        """The switch that leaves the site to Django; empty where none does."""
        return self.site.off or ("" if get_config().JIT_SERIALIZATION else switches.SETTING)

    def leave(self, model: type[Model], reason: str) -> None:
        """Say why Django does the work."""
        _tell_plan(self, Untouched(model._meta.label, (reason,)))

    def decision(
        self, kind: str, model: str, mode: str, reason: str, detail: dict[str, Any]
    ) -> Decision:
        site = self.site
        return Decision(kind, site.template, site.line, site.variable, model, mode, reason, detail)


Step = Callable[[QuerySet[Any]], Any]


class Prepared(NamedTuple):
    """A plan, and the function that carries it out."""

    plan: Plan
    step: Step


def query(sites: tuple[Site, ...], queryset: QuerySet[Any]) -> Any:
    """Rows or a Batch for a QuerySet at its first touch; None leaves it to Django."""
    reading = sites[0].reading(sites)
    if why_left(reading, queryset):
        return None
    remembered = _remembered.get(id(queryset))
    if remembered is not None and remembered.answers(queryset, reading):
        return remembered.rows
    if is_asked_of_peers(queryset):
        queryset._fetch_all()
    if queryset._result_cache is not None:
        return _beside(sites, queryset._result_cache, True)
    return prepared(reading, queryset).step(queryset)


def why_left(reading: Reading, queryset: QuerySet[Any]) -> str:
    """The switch that leaves the QuerySet to Django, which a decision tells; empty for none."""
    off = reading.why_off() or (switches.QUERYSET if is_untouched(queryset) else "")
    if off:
        reading.leave(queryset.model, off)
    return off


def prepared(reading: Reading, queryset: QuerySet[Any]) -> Prepared:
    """The plan for a QuerySet of this shape, made at the first."""
    shape = query_shape(queryset)
    known = reading.steps.get((queryset.model, shape))
    if known is None:
        return _prepare(reading, queryset.model, shape, queryset.db)
    if wanted():
        _tell_cache(reading, queryset.model, "hit", known.plan)
    return known


def rows_of(queryset: QuerySet[Any]) -> Any:
    """The rows that this very QuerySet was fetched as, in this render or before; else None."""
    remembered = _remembered.get(id(queryset))
    if remembered is None or remembered.queryset() is not queryset:
        return None
    return remembered.rows


def instances(sites: tuple[Site, ...], values: Sequence[Any]) -> Batch | None:
    """A Batch for a list or tuple that is iterated; None unless relations are read of instances."""
    return _beside(sites, values, True)


def instance(sites: tuple[Site, ...], value: Any) -> Batch | None:
    """A Batch for one object; None unless it is an instance of which relations are read."""
    return _beside(sites, (value,), False)


def _beside(sites: tuple[Site, ...], values: Sequence[Any], elements: bool) -> Batch | None:
    if not values or not isinstance(type(values[0]), ModelBase):
        return None
    reading = sites[0].reading(sites)
    if off := reading.why_off():
        reading.leave(type(values[0]), off)
        return None
    models = _by_model(values)
    parts = [
        Peers(model, objects, plan.relations, plan.joins)
        for model, objects in models.items()
        if isinstance(plan := reading.plan_beside(model, elements), InstancesPlan)
        and (elements or not is_complete(model, plan.relations, objects))
    ]
    gathered = any(reading.runs_code(model, elements) for model in models)
    if not (parts or gathered):
        return None
    return Batch(list(values), parts, _teller(reading), gathered)


def _by_model(values: Sequence[Any]) -> dict[type[Model], list[Model]]:
    groups: dict[type[Model], list[Model]] = {}
    for value in values:
        model = type(value)
        if model in groups:
            groups[model].append(value)
        elif isinstance(model, ModelBase):
            groups[model] = [value]
    return groups


def query_shape(queryset: Any) -> QueryShape:
    """What of the QuerySet decides how it may be fetched."""
    query: Any = queryset.query
    iterable = queryset._iterable_class
    joined = query.select_related
    return QueryShape(
        queryset.__class__,
        "ModelIterable" if iterable is ModelIterable else iterable.__qualname__,
        queryset._fields is not None,
        query.distinct,
        query.combinator is not None,
        bool(query.extra or query.extra_tables or query.extra_order_by) or _is_raw(query),
        query.select_for_update,
        query.group_by is not None,
        bool(query.deferred_loading[0]) or not query.deferred_loading[1],
        "no" if joined is False else "all" if joined is True else "some",
        bool(queryset._prefetch_related_lookups),
        bool(query._filtered_relations) or any(LOOKUP_SEP in one for one in query.annotations),
        tuple(query.annotation_select) if query.annotations else (),
        tuple([field.name for field in queryset._known_related_objects]),
        fetch_mode(queryset),
        bool(router.routers),
        len(pre_init.receivers) + len(post_init.receivers),
    )


def _is_raw(query: Any) -> bool:
    """Whether a piece of SQL stands in the query, which may name a column without its table."""
    expressions = [*query.annotations.values(), *query.order_by]
    return type(query) is not Query or _holds_raw([query.where, *expressions])


def _holds_raw(nodes: Sequence[Any]) -> bool:
    for node in nodes:
        if isinstance(node, ExtraWhere | RawSQL):
            return True
        inner = getattr(node, "children", None) or _parts(node)
        if inner and _holds_raw(inner):
            return True
    return False


def _parts(node: Any) -> Sequence[Any]:
    if isinstance(node, Lookup):
        return node.lhs, node.rhs
    return node.get_source_expressions() if hasattr(node, "get_source_expressions") else ()


def _prepare(reading: Reading, model: type[Model], shape: QueryShape, db: str) -> Prepared:
    plan = _plan(reading, model, shape, connections[db].vendor)
    _tell_plan(reading, plan)
    prepared = Prepared(plan, _step(reading, model, shape, plan))
    if len(reading.steps) >= _MOST_STEPS:
        reading.steps.clear()
    reading.steps[model, shape] = prepared
    return prepared


def _plan(reading: Reading, model: type[Model], shape: QueryShape, vendor: str) -> Plan:
    """The plan from the cache, or a new one; a model that is not installed is never cached."""
    if model._meta.apps is not apps:
        return make_plan(model, reading.usage, shape)
    started, plans = perf_counter(), get_cache()
    name = f"{model.__module__}.{model.__qualname__}"
    key = plans.get_cache_key(reading.usage.key(), name, repr(shape), vendor)
    found = plans.get(key)
    plan = found if isinstance(found, Plan) else make_plan(model, reading.usage, shape)
    if plan is not found:
        plans.set(key, plan)
    if wanted():
        seconds = perf_counter() - started
        _tell_cache(
            reading, model, "hit" if plan is found else "miss", plan, key=key, seconds=seconds
        )
    return plan


def _step(reading: Reading, model: type[Model], shape: QueryShape, plan: Plan) -> Step:
    if isinstance(plan, RowsPlan):
        return _rows_step(reading, model, plan)
    if isinstance(plan, InstancesPlan):
        return _instances_step(reading, model, plan)
    if _is_coded(reading, model, shape):
        return _instances_step(reading, model, InstancesPlan(plan.model, (), (), plan.reasons))
    return _untouched


def _is_coded(reading: Reading, model: type[Model], shape: QueryShape) -> bool:
    """Whether code may read relations of the instances that a QuerySet gives."""
    gives = not shape.columns_chosen and shape.iterable == "ModelIterable"
    return gives and reading.runs_code(model, True)


def _untouched(queryset: QuerySet[Any]) -> None:
    """Django iterates it; plain instances are in it by then."""
    if queryset._iterable_class is ModelIterable:
        evaluate(queryset)


def _instances_step(reading: Reading, model: type[Model], plan: InstancesPlan) -> Step:
    """Evaluates the QuerySet itself, its joins in the query of a clone."""

    def fetch(queryset: QuerySet[Any]) -> Batch | None:
        found = evaluate(queryset, *plan.joins)
        if wanted():
            _tell(reading, plan.model, plan.mode, len(found), 1, joined=_joined(found, plan.joins))
        if not found:
            return None
        peers = Peers(model, found, plan.relations, ())
        return Batch(queryset._result_cache or found, [peers], _teller(reading), gathered)

    gathered = reading.runs_code(model, True)
    return fetch


def _joined(objects: list[Any], joins: Iterable[str]) -> int:
    """How many related objects came along with ``objects``."""
    number = 0
    for path in joins:
        reached = objects
        for name in path.split(LOOKUP_SEP):
            related = (one._state.fields_cache.get(name) for one in reached)
            reached = [one for one in related if one is not None]
        number += len(reached)
    return number


def _rows_step(reading: Reading, model: type[Model], plan: RowsPlan) -> Step:
    from djust_engine._native import Rows, Shape

    bound: dict[str, tuple[Any, Statements]] = {}

    def bind(db: str) -> tuple[Any, Statements]:
        shape = Binder(db, Shape, loader(reading, db)).shape(model, plan.shape)
        return bound.setdefault(db, (shape, Statements(plan.columns)))

    def fetch(queryset: QuerySet[Any]) -> Any:
        db = queryset.db
        shape, statements = bound.get(db) or bind(db)
        found = statements.fetch(queryset)
        rows = Rows(found, shape)
        _remember(queryset, reading, rows)
        if wanted():
            _tell(reading, plan.model, plan.mode, len(found), 1)
        return rows

    return fetch


def loader(reading: Reading, db: str) -> Callable[[type[Model], Many], Load]:
    """Makes the function that runs the query of a Many, for all rows at once."""

    def load_many(model: type[Model], many: Many) -> Load:
        within, statements = f"{many.lookup}__in", Statements(many.rows.columns)

        def load(rows: Iterable[Row]) -> dict[Any, list[Row]]:
            keys = list({row[many.key] for row in rows} - {None})
            found: list[Row] = []
            for start in range(0, len(keys), _CHUNK):
                related = model._default_manager.using(db).filter(
                    **{within: keys[start : start + _CHUNK]}
                )
                found += statements.fetch(related)
            if wanted():
                _tell(reading, many.rows.model, "rows", len(found), -(-len(keys) // _CHUNK))
            return group(found, many.group)

        return load

    return load_many


class _Remembered(NamedTuple):
    """The rows of a QuerySet that was touched before, as long as it lives."""

    queryset: weakref.ref[QuerySet[Any]]
    reading: Reading
    rows: Any

    def answers(self, queryset: QuerySet[Any], reading: Reading) -> bool:
        return self.queryset() is queryset and (
            self.reading is reading or self.reading.usage.covers(reading.usage)
        )


_remembered: dict[int, _Remembered] = {}


def _remember(queryset: QuerySet[Any], reading: Reading, rows: Any) -> None:
    key = id(queryset)
    reference = weakref.ref(queryset, lambda gone: _forget(key, gone))
    _remembered[key] = _Remembered(reference, reading, rows)


def _forget(key: int, gone: weakref.ref[QuerySet[Any]]) -> None:
    remembered = _remembered.get(key)
    if remembered is not None and remembered.queryset is gone:
        del _remembered[key]


def _teller(reading: Reading) -> Tell:
    def tell(model: type[Model], name: str, lacking: int, queries: int) -> None:
        if wanted():
            _tell(reading, model._meta.label, "instances", lacking, queries, name)

    return tell


def _tell(
    reading: Reading,
    model: str,
    mode: str,
    objects: int,
    queries: int,
    relation: str = "",
    joined: int = 0,
) -> None:
    detail = {"objects": objects, "queries": queries, "relation": relation, "joined": joined}
    emit(reading.decision("batch" if relation else "fetch", model, mode, "", detail))


def _tell_cache(reading: Reading, model: type[Model], mode: str, plan: Plan, **detail: Any) -> None:
    told = {"paths": reading.usage.paths(), "plan": plan, **detail}
    emit(reading.decision("cache", model._meta.label, mode, "", told))


def _tell_plan(reading: Reading, plan: Plan) -> None:
    if wanted():
        detail = {"paths": reading.usage.paths(), "plan": plan}
        reason = "; ".join(plan.reasons)
        emit(reading.decision("plan", plan.model, plan.mode, reason, detail))
