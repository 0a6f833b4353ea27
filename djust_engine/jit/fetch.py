"""First touch of a Site: run the plan, give rows or instances, batch the peers.

The renderer calls ``query`` for a QuerySet that is iterated, tested or measured, ``instances`` for
a list, ``others`` for another container, and ``instance`` for a single object; None means: Django
as it is.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from dataclasses import replace
from time import perf_counter
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.query import ModelIterable

from .. import switches
from ..decisions import emit, wanted
from ..switches import is_untouched
from . import stock
from .batch import Batch, Peers
from .beside import instance as instance
from .beside import instances as instances
from .beside import others as others
from .cache import get_cache
from .codegen import Binder, Load, Row, group
from .optimizer import Asked, QueryShape, make_plan, may_join
from .peers.learned import Learned, Lesson
from .peers.tracked import is_asked_of_peers
from .plan import InstancesPlan, Many, Plan, RowsPlan, Untouched
from .shapes import query_shape as query_shape
from .sites import Prepared, Reading, Site, Step, tell, tell_cache, tell_plan, teller
from .sql.asked import asked as asked
from .sql.instances import evaluate
from .sql.statements import Statements
from .usage import ITERATED, TESTED

Keep = Callable[[Plan], None]

#: Keys in one ``IN``: below the number of parameters that any database takes.
_CHUNK = 30_000
_MOST_STEPS = 64


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
        queryset._fetch_all()  # what failed after the rows came, a prefetch, fails again
        return instances(sites, queryset._result_cache)
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
        tell_cache(reading, queryset.model, "hit", known.plan)
    return known


def rows_of(queryset: QuerySet[Any]) -> Any:
    """The rows that this very QuerySet was fetched as, in this render or before; else None."""
    remembered = _remembered.get(id(queryset))
    if remembered is None or remembered.queryset() is not queryset:
        return None
    return remembered.rows


def _prepare(reading: Reading, model: type[Model], shape: QueryShape, db: str) -> Prepared:
    plan, keep = _plan(reading, model, shape, connections[db].vendor)
    tell_plan(reading, plan)
    prepared = Prepared(plan, _step(reading, model, shape, plan, keep))
    if len(reading.steps) >= _MOST_STEPS:
        reading.steps.clear()
    reading.steps[model, shape] = prepared
    return prepared


def _plan(
    reading: Reading, model: type[Model], shape: QueryShape, vendor: str
) -> tuple[Plan, Keep]:
    """The plan from the cache, or a new one, and what puts another in its place.

    That of a model that is not installed is never cached, nor one that routers have a part in.
    """
    if model._meta.apps is not apps or shape.routed:
        return make_plan(model, reading.usage, shape), lambda plan: None
    started, plans = perf_counter(), get_cache()
    asked = Asked(model, reading.usage, shape)
    key = plans.plan_key(asked, vendor)
    plan, found = plans.find_plan(key, asked, lambda: make_plan(*asked))
    if wanted():
        seconds = perf_counter() - started
        tell_cache(reading, model, "hit" if found else "miss", plan, key=key, seconds=seconds)
    return plan, lambda plan: plans.set(key, plan)


def _step(reading: Reading, model: type[Model], shape: QueryShape, plan: Plan, keep: Keep) -> Step:
    if isinstance(plan, RowsPlan):
        return _rows_step(reading, model, plan)
    coded = _is_coded(reading, model, shape)
    if isinstance(plan, Untouched) and coded:
        plan = InstancesPlan(plan.model, (), (), plan.reasons)
    if isinstance(plan, InstancesPlan):
        learns = coded and not may_join(shape)
        learned = _learned(reading, model, plan, keep) if learns else None
        return _instances_step(reading, model, plan, learned)
    return _untouched


def _learned(reading: Reading, model: type[Model], plan: InstancesPlan, keep: Keep) -> Learned:
    """What the plan has learned; more of it goes into the cache."""

    def told(what: str, paths: tuple[str, ...], joins: tuple[str, ...]) -> None:
        changed = replace(plan, learned=joins)
        keep(changed)
        if wanted():
            detail = {"paths": list(paths), "plan": changed}
            reason = f"{what}: {', '.join(paths)}"
            emit(reading.decision("learned", plan.model, what, reason, detail))

    return Learned(model, plan.learned, told)


def _is_coded(reading: Reading, model: type[Model], shape: QueryShape) -> bool:
    """Whether code may read relations of the instances that a QuerySet gives."""
    gives = not shape.columns_chosen and shape.iterable == "ModelIterable"
    return gives and reading.runs_code(model)


def _untouched(queryset: Any) -> None:
    """Django iterates it; what it gives is in it by then, unless that could be noticed."""
    if queryset._iterable_class is ModelIterable:
        evaluate(queryset)
    elif not stock.own_queryset(type(queryset)):
        queryset._fetch_all()


def _instances_step(
    reading: Reading, model: type[Model], plan: InstancesPlan, learned: Learned | None
) -> Step:
    """Evaluates the QuerySet itself, its joins in the query of a clone."""

    def fetch(queryset: QuerySet[Any]) -> Batch | None:
        started = perf_counter()
        lesson = None if learned is None else Lesson(learned)
        found = evaluate(queryset, *plan.joins, *(() if lesson is None else lesson.joins))
        if wanted():
            seconds, joined = perf_counter() - started, _joined(found, plan.joins)
            number = len(found)
            tell(reading, plan.model, plan.mode, number, 1, joined=joined, seconds=seconds)
        if not found:
            return None
        peers = Peers(model, found, plan.relations, ())
        objects = queryset._result_cache or found
        return Batch(objects, [peers], teller(reading), gathered, lesson)

    gathered = reading.runs_code(model)
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
        started = perf_counter()
        found = statements.fetch(queryset)
        rows = Rows(found, shape)
        _remember(queryset, reading, rows)
        if wanted():
            seconds = perf_counter() - started
            tell(reading, plan.model, plan.mode, len(found), 1, seconds=seconds)
        return rows

    return fetch


def loader(reading: Reading, db: str) -> Callable[[type[Model], Many], Load]:
    """Makes the function that runs the query of a Many, for all rows at once."""

    def load_many(model: type[Model], many: Many) -> Load:
        within, statements = f"{many.lookup}__in", Statements(many.rows.columns)
        owner = apps.get_model(many.generic) if many.generic else None

        def load(rows: Iterable[Row]) -> dict[Any, list[Row]]:
            started = perf_counter()
            keys = list({row[many.key] for row in rows} - {None})
            found: list[Row] = []
            typed = {} if owner is None else stock.generic_filter(owner, many.name, db)
            for start in range(0, len(keys), _CHUNK):
                related = model._default_manager.using(db).filter(
                    **typed, **{within: keys[start : start + _CHUNK]}
                )
                found += statements.fetch(related)
            if wanted():
                queries, seconds = -(-len(keys) // _CHUNK), perf_counter() - started
                tell(reading, many.rows.model, "rows", len(found), queries, seconds=seconds)
            return group(found, many.group)

        return load

    return load_many


class _Remembered(NamedTuple):
    """The rows of a QuerySet that was touched before, as long as it lives."""

    queryset: weakref.ref[QuerySet[Any]]
    reading: Reading
    rows: Any

    def answers(self, queryset: QuerySet[Any], reading: Reading) -> bool:
        if self.reading is reading or self.queryset() is not queryset:
            return self.queryset() is queryset
        usage = self.reading.usage
        if usage.marks & ITERATED:  # all rows are here: that there are some is known
            usage = replace(usage, marks=usage.marks | TESTED)
        return usage.covers(reading.usage)


_remembered: dict[int, _Remembered] = {}


def _remember(queryset: QuerySet[Any], reading: Reading, rows: Any) -> None:
    key = id(queryset)
    reference = weakref.ref(queryset, lambda gone: _forget(key, gone))
    _remembered[key] = _Remembered(reference, reading, rows)


def _forget(key: int, gone: weakref.ref[QuerySet[Any]]) -> None:
    remembered = _remembered.get(key)
    if remembered is not None and remembered.queryset is gone:
        del _remembered[key]
