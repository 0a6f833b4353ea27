"""Whether a plan that came from elsewhere fits the models, and what it is asked for.

Nothing in it is taken on trust: each model, attribute, relation and column is looked up, and each
attribute must stand at the column that is its own. PlanError says what does not fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldError
from django.db.models import Model
from django.db.models.constants import LOOKUP_SEP
from django.db.models.sql import Query

from .. import stock
from ..optimizer import Asked, make_plan, may_join
from ..plan import (
    Absent,
    Call,
    InstancesPlan,
    Many,
    One,
    Plan,
    PlanError,
    Relation,
    RowsPlan,
    ShapePlan,
    Value,
)
from ..relations import find_relations, link_of, linked_otherwise
from ..stock import Kind
from ..usage import NOTHING
from .stamps import find_model


def require_fit(plan: Plan, asked: Asked | None = None, is_ours: bool = False) -> None:
    """PlanError where the plan is none for these models, or for what is asked.

    Without ``asked`` the names alone are looked at. Rows that others may have written are compared
    with those that would be made here; a signature says that a plan ``is_ours``, which saves that.
    """
    model = _model(plan.model)
    if asked is not None:
        _require(model is asked.model, f"it is for {plan.model}")
    if isinstance(plan, RowsPlan):
        _require_rows(plan, model, asked, is_ours)
    elif isinstance(plan, InstancesPlan):
        _require_instances(plan, model, asked)


def labels(plan: Plan) -> set[str]:
    """The labels of the models that the plan names."""
    if isinstance(plan, RowsPlan):
        return {plan.model, *_shape_labels(plan.shape)}
    return {plan.model}


def _shape_labels(shape: ShapePlan) -> Iterator[str]:
    yield shape.model
    for one in shape.entries:
        if isinstance(one, One):
            yield from _shape_labels(one.shape)
        elif isinstance(one, Many):
            yield from labels(one.rows)


def _require(condition: object, message: str) -> None:
    if not condition:
        raise PlanError(message)


def _model(label: str) -> type[Model]:
    model = find_model(label)
    if model is None:
        raise PlanError(f"no model is named {label[:80]!r}")
    return model


def _require_rows(plan: RowsPlan, model: type[Model], asked: Asked | None, is_ours: bool) -> None:
    if asked is not None and not is_ours:
        return _require(plan == make_plan(*asked), "other rows would be fetched here")
    annotations = () if asked is None else asked.shape.annotations
    _require(plan.columns[: len(annotations)] == annotations, "the annotations are others")
    _Rows(plan, model, annotations).require()
    return _require(_keeps_order(model, plan.columns), "rows might come in another order")


def _keeps_order(model: type[Model], columns: tuple[str, ...]) -> bool:
    for table in stock.tables(model):
        free = stock.unindexed(table)
        names = [field.attname for field in table._meta.local_concrete_fields]
        if not (any(one in columns for one in free) if free else set(names).issubset(columns)):
            return False
    return True


class _Rows:
    """The columns of a RowsPlan, and what each attribute must find there."""

    def __init__(
        self, plan: RowsPlan, model: type[Model], annotations: tuple[str, ...] = ()
    ) -> None:
        self.plan = plan
        self.model = model
        self.annotations = annotations
        #: Columns that hold the same: a foreign key, and the key that it refers to.
        self.same: dict[str, str] = {}

    def require(self, crossing: str = "") -> None:
        """``crossing`` is the one column that leads through a relation to many."""
        for column in self.plan.columns[len(self.annotations) :]:
            _require_column(self.model, column, column == crossing)
        shape = self.plan.shape
        _require(shape.columns or shape.key >= 0, "its rows have no key")
        self._shape(self.model, shape, "")

    def _at(self, index: int, wanted: str) -> bool:
        """Whether the column at ``index`` is that of the path."""
        if not 0 <= index < len(self.plan.columns):
            return False
        found = self.plan.columns[index]
        return found in (wanted, self.same.get(wanted))

    def _shape(self, model: type[Model], shape: ShapePlan, prefix: str) -> None:
        _require(shape.model == model._meta.label, f"{shape.model[:80]} is another model")
        _require(not stock.observed(model), "rows would be noticed")
        pk = stock.key_columns(model)
        key = len(pk) == 1 and self._at(shape.key, prefix + pk[0])
        _require(shape.key == -1 or key, "its key is another column")
        self._instance(model, shape, prefix)
        for one in shape.entries:
            self._entry(model, one, prefix)

    def _instance(self, model: type[Model], shape: ShapePlan, prefix: str) -> None:
        fields = {field.attname for field in model._meta.concrete_fields}
        for column in shape.columns:
            known = column.name in fields and self._at(column.index, prefix + column.name)
            _require(known, f"no column {column.name[:80]!r}")
        names = [column.name for column in shape.columns]
        has_key = set(stock.key_columns(model)).issubset(names)
        _require(not names or has_key, "an instance has no key")
        _require(len(set(names)) == len(names), "a column is named twice")

    def _entry(self, model: type[Model], one: Any, prefix: str) -> None:
        if not prefix and one.name in self.annotations:
            is_own = isinstance(one, Value) and self._at(one.index, one.name)
            return _require(is_own, f"{one.name} is an annotation")
        kind, subject = stock.classify(model, one.name)
        named = f"{one.name[:80]!r} of {model._meta.label}"
        if isinstance(one, Absent):
            return _require(kind is Kind.ABSENT, f"{named} is there")
        if isinstance(one, One):
            return self._one(model, one, kind, subject, prefix)
        if isinstance(one, Many):
            return self._many(model, one, kind, prefix)
        if isinstance(one, Call):
            _require(_is_made(model, one, kind, subject), f"{named} is not {one.maker}")
        else:
            _require(kind is Kind.COLUMN, f"{named} is no column")
        _require(self._at(one.index, prefix + subject.attname), f"{named} is another column")
        return None

    def _one(self, model: type[Model], one: One, kind: Kind, subject: Any, prefix: str) -> None:
        below = _below(one, kind, subject, prefix)
        if below is None or not 0 <= one.key < len(self.plan.columns):
            raise PlanError(f"{one.name[:80]!r} of {model._meta.label} cannot be joined")
        if kind is Kind.FORWARD:
            self.same[below + subject.target_field.attname] = prefix + subject.attname
        elif kind is Kind.REVERSE_ONE and subject.parent_link:
            inherited = [field.attname for field in model._meta.concrete_fields]
            self.same.update({below + name: prefix + name for name in inherited})
        self._shape(subject.related_model, one.shape, below)

    def _many(self, model: type[Model], one: Many, kind: Kind, prefix: str) -> None:
        named = f"{one.name[:80]!r} of {model._meta.label}"
        fits = kind in stock.MANY and not linked_otherwise(model, one.name)
        _require(fits, f"{named} is no related manager")
        key, lookup, group = link_of(model, one.name)
        _require(one.lookup == lookup, f"{named} is found by {one.lookup[:80]!r}")
        target = stock.many_model(model, one.name)
        _require(not stock.own_manager(target._default_manager), f"{named} has its own manager")
        _require(one.rows.model == target._meta.label, f"{named} gives other objects")
        _require(self._at(one.key, prefix + key), f"{named} has another key")
        generic = model._meta.label if kind is Kind.GENERIC_MANY else ""
        _require(one.generic == generic, f"{named} refers to other objects")
        below = _Rows(one.rows, target)
        _require(below._at(one.group, group), f"{named} is grouped by another column")
        below.require(group)


def _below(one: One, kind: Kind, subject: Any, prefix: str) -> str | None:
    """The prefix of the related object's columns; None where no join leads to it."""
    if one.missing is not (kind is Kind.REVERSE_ONE):
        return None
    if kind is Kind.PARENT:
        return prefix
    if kind is Kind.FORWARD and not stock.fetched_elsewhere(subject):
        return f"{prefix}{subject.name}{LOOKUP_SEP}"
    if kind is Kind.REVERSE_ONE and not stock.attached_elsewhere(subject):
        return f"{prefix}{subject.field.related_query_name()}{LOOKUP_SEP}"
    return None


def _is_made(model: type[Model], one: Call, kind: Kind, field: Any) -> bool:
    """Whether the attribute is what the maker makes of this field."""
    if field is None or one.field != field.attname:
        return False
    if one.maker == "display":
        column, _ = stock.classify(model, field.attname)
        return kind is Kind.DISPLAY and column is Kind.COLUMN
    return one.maker == "file" and kind is Kind.FILE


def _require_column(model: type[Model], path: str, may_cross: bool) -> None:
    """The path must lead to one column, and not through a relation to many."""
    options: Any = model._meta
    try:
        steps, field, _, rest = Query(model).names_to_path(
            path.split(LOOKUP_SEP), options, fail_on_missing=True
        )
    except FieldError as error:
        raise PlanError(f"no column {path[:80]!r}") from error
    _require(field.concrete and not rest, f"no column {path[:80]!r}")
    _require(may_cross or not any(step.m2m for step in steps), f"{path[:80]!r} is of many")


def _require_instances(plan: InstancesPlan, model: type[Model], asked: Asked | None) -> None:
    for path in plan.joins:
        _require_join(model, path)
    for relation in plan.relations:
        _require_relation(model, relation)
    if asked is not None:
        known = asked.shape.known
        free = all(path.partition(LOOKUP_SEP)[0] not in known for path in plan.joins)
        may = free and not (plan.joins and may_join(asked.shape))
        _require(may, "its joins would be noticed")
        item, keep = asked.usage.item or NOTHING, asked.shape.joins_keep_order
        found = find_relations(model, item, keep)
        _require(plan.relations == found, "other relations are read")


def _require_join(model: type[Model], path: str) -> None:
    current = model
    for name in path.split(LOOKUP_SEP):
        target = stock.joined(current, name)
        if target is None:
            raise PlanError(f"{path[:80]!r} cannot be joined to {model._meta.label}")
        current = target


_KINDS = {
    "forward": frozenset((Kind.FORWARD,)),
    "reverse_one": frozenset((Kind.REVERSE_ONE,)),
    "many": stock.MANY,
    "number": stock.MANY,
    "generic": frozenset((Kind.GENERIC,)),
}


def _require_relation(model: type[Model], relation: Relation) -> None:
    kind, subject = stock.classify(model, relation.name)
    fits = kind in _KINDS.get(relation.kind, ())
    _require(fits, f"{relation.name[:80]!r} of {model._meta.label} is not {relation.kind[:20]!r}")
    if relation.kind == "generic":
        return _require(not relation.joins and not relation.below, "a generic relation has no more")
    target = _target(model, relation.name, kind, subject)
    for path in relation.joins:
        _require_join(target, path)
    for below in relation.below:
        _require_relation(target, below)
    return None


def _target(model: type[Model], name: str, kind: Kind, subject: Any) -> type[Model]:
    if kind in stock.MANY:
        return stock.many_model(model, name)
    target: type[Model] = subject.related_model
    return target


def require_paths(model: type[Model], paths: list[str]) -> None:
    """The dotted paths must begin with names that the model, and those behind it, have."""
    for path in paths:
        current: type[Model] | None = model
        for name in path.split("."):
            current = None if current is None else _step(current, name, path)


def _step(model: type[Model], name: str, path: str) -> type[Model] | None:
    """The model behind ``name``; None where ``_meta`` says no more."""
    kind, subject = stock.classify(model, name)
    _require(kind is not Kind.ABSENT, f"{model._meta.label} has nothing for {path[:80]!r}")
    related = kind in (Kind.FORWARD, Kind.REVERSE_ONE) or kind in stock.MANY
    return _target(model, name, kind, subject) if related and subject is not None else None
