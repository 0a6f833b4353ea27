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
from ..optimizer import Asked, may_join, may_use_rows
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
)
from ..relations import find_relations
from ..rows import FREE
from ..stock import Kind
from ..usage import COMPARED, ELEMENTS, ESCAPES, ITERATED, LENGTH, NOTHING, PRINTED, TESTED, Usage
from .stamps import find_model


def require_fit(plan: Plan, asked: Asked | None = None) -> None:
    """PlanError where the plan is none for these models, or for what is asked.

    Without ``asked`` the names alone are looked at.
    """
    model = _model(plan.model)
    if asked is not None:
        _require(model is asked.model, f"it is for {plan.model}")
    if isinstance(plan, RowsPlan):
        _require_rows(plan, model, asked)
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


def _require_rows(plan: RowsPlan, model: type[Model], asked: Asked | None) -> None:
    annotations: tuple[str, ...] = ()
    usage, may_join_rows = None, True
    if asked is not None:
        shape, usage = asked.shape, asked.usage.item or NOTHING
        annotations, may_join_rows = shape.annotations, not shape.free
        gives = not shape.columns_chosen and shape.iterable == "ModelIterable"
        _require(gives and not may_use_rows(shape, asked.usage), "rows would be noticed")
        alone = not annotations and not shape.known and shape.joined == "no"
        _require(alone or not plan.shape.columns, "the instance holds more than its own columns")
    _require(plan.columns[: len(annotations)] == annotations, "the annotations are others")
    _Rows(plan, model, annotations, may_join_rows).require(usage)
    _require(_keeps_order(model, plan.columns), "rows might come in another order")


def _keeps_order(model: type[Model], columns: tuple[str, ...]) -> bool:
    free = stock.unindexed(model)
    names = [field.attname for field in model._meta.concrete_fields]
    return any(one in columns for one in free) if free else all(one in columns for one in names)


class _Rows:
    """The columns of a RowsPlan, and what each attribute must find there."""

    def __init__(
        self, plan: RowsPlan, model: type[Model], annotations: tuple[str, ...], may_join: bool
    ) -> None:
        self.plan = plan
        self.model = model
        self.annotations = annotations
        self.may_join = may_join
        #: Columns that hold the same: a foreign key, and the key that it refers to.
        self.same: dict[str, str] = {}

    def require(self, usage: Usage | None, crossing: str = "") -> None:
        """``crossing`` is the one column that leads through a relation to many."""
        for column in self.plan.columns[len(self.annotations) :]:
            _require_column(self.model, column, column == crossing)
        shape = self.plan.shape
        _require(shape.columns or shape.key >= 0, "its rows have no key")
        self._shape(self.model, shape, "", usage, _pk(self.model))

    def _at(self, index: int, wanted: str) -> bool:
        """Whether the column at ``index`` is that of the path."""
        if not 0 <= index < len(self.plan.columns):
            return False
        found = self.plan.columns[index]
        return found in (wanted, self.same.get(wanted))

    def _shape(
        self, model: type[Model], shape: ShapePlan, prefix: str, usage: Usage | None, present: str
    ) -> None:
        """``present`` is a column that is not NULL where there is an object."""
        _require(shape.model == model._meta.label, f"{shape.model[:80]} is another model")
        _require(not (stock.observed(model) or stock.uncommon(model)), "rows would be noticed")
        _require(usage is None or not _is_used_whole(usage), "an object is used whole")
        key = self._at(shape.key, prefix + _pk(model))
        _require(shape.key == -1 or key, "its key is another column")
        self._instance(model, shape, prefix)
        for one in shape.entries:
            child = None if usage is None else usage.children.get(one.name, NOTHING)
            self._entry(model, one, prefix, child, present)

    def _instance(self, model: type[Model], shape: ShapePlan, prefix: str) -> None:
        fields = {field.attname for field in model._meta.concrete_fields}
        for column in shape.columns:
            known = column.name in fields and self._at(column.index, prefix + column.name)
            _require(known, f"no column {column.name[:80]!r}")
        names = [column.name for column in shape.columns]
        _require(not names or _pk(model) in names, "an instance has no key")
        _require(len(set(names)) == len(names), "a column is named twice")

    def _entry(
        self, model: type[Model], one: Any, prefix: str, usage: Usage | None, present: str
    ) -> None:
        if not prefix and one.name in self.annotations:
            is_own = stock.static(model, one.name) is None and self._at(one.index, one.name)
            return _require(is_own, f"{one.name} is an annotation")
        kind, subject = stock.classify(model, one.name)
        named = f"{one.name[:80]!r} of {model._meta.label}"
        if isinstance(one, Absent):
            return _require(kind is Kind.ABSENT, f"{named} is there")
        if isinstance(one, One):
            return self._one(model, one, kind, subject, prefix, usage, present)
        if isinstance(one, Many):
            return self._many(model, one, kind, subject, prefix, usage)
        if isinstance(one, Call):
            _require(_is_made(model, one, kind, subject, usage), f"{named} is not {one.maker}")
        else:
            _require(kind is Kind.COLUMN, f"{named} is no column")
        _require(self._at(one.index, prefix + subject.attname), f"{named} is another column")
        return None

    def _one(
        self,
        model: type[Model],
        one: One,
        kind: Kind,
        subject: Any,
        prefix: str,
        usage: Usage | None,
        present: str,
    ) -> None:
        _require(self.may_join, FREE)
        target = stock.joined(model, one.name)
        if target is None or one.missing is not (kind is Kind.REVERSE_ONE):
            raise PlanError(f"{one.name[:80]!r} of {model._meta.label} cannot be joined")
        if kind is Kind.FORWARD:
            below, key = prefix + subject.name + LOOKUP_SEP, prefix + subject.attname
            self.same[below + _pk(target)] = key
            always = model._meta.managed and not subject.null
            held = self._at(one.key, key) or (always and self._at(one.key, present))
        else:
            below = prefix + subject.field.related_query_name() + LOOKUP_SEP
            held = self._at(one.key, below + _pk(target))
        _require(held, f"{one.name!r} has another key")
        present = self.plan.columns[one.key]
        self._shape(target, one.shape, below, usage, present)

    def _many(
        self,
        model: type[Model],
        one: Many,
        kind: Kind,
        subject: Any,
        prefix: str,
        usage: Usage | None,
    ) -> None:
        named = f"{one.name[:80]!r} of {model._meta.label}"
        link = _link(model, one.name, kind, subject)
        _require(link is not None and one.lookup == link[0], f"{named} is no related manager")
        assert link is not None
        target = stock.many_model(model, one.name)
        _require(not stock.own_manager(target._default_manager), f"{named} has its own manager")
        _require(one.rows.model == target._meta.label, f"{named} gives other objects")
        _require(self._at(one.key, prefix + _pk(model)), f"{named} has another key")
        _require(usage is None or _is_group(usage), f"{named} is used beyond its objects")
        objects = None if usage is None else usage.children.get(ELEMENTS, NOTHING)
        below = _Rows(one.rows, target, (), self.may_join or bool(target._meta.ordering))
        _require(below._at(one.group, link[1]), f"{named} is grouped by another column")
        below.require(None if objects is None else objects.item or NOTHING, link[1])


def _pk(model: type[Model]) -> str:
    name: str = model._meta.pk.attname
    return name


def _is_used_whole(usage: Usage) -> bool:
    return bool(usage.marks & (ESCAPES | COMPARED | ITERATED | LENGTH)) or usage.item is not None


def _is_group(usage: Usage) -> bool:
    objects = usage.children.get(ELEMENTS, NOTHING)
    is_read = not (usage.marks or usage.item or usage.children.keys() - {"all", "count", "exists"})
    return is_read and not (objects.marks & ~(TESTED | ITERATED | LENGTH) or objects.children)


_FILE_NAMES = frozenset(("name", "path", "size", "url", "width", "height"))


def _is_made(model: type[Model], one: Call, kind: Kind, field: Any, usage: Usage | None) -> bool:
    """Whether the attribute is what the maker makes of this field."""
    if field is None or one.field != field.attname:
        return False
    if one.maker == "display":
        column, _ = stock.classify(model, field.attname)
        return kind is Kind.DISPLAY and column is Kind.COLUMN
    whole = usage is not None and (
        usage.marks & ~(PRINTED | TESTED) or usage.item or usage.children.keys() - _FILE_NAMES
    )
    return one.maker == "file" and kind is Kind.FILE and not whole


def _link(model: type[Model], name: str, kind: Kind, relation: Any) -> tuple[str, str] | None:
    """How objects of a related manager are found: the lookup, and the column to group by."""
    if kind is Kind.REVERSE_MANY:
        field = relation.field
        plain = field.target_field is model._meta.pk
        return (field.name, field.attname) if plain else None
    if kind is Kind.MANY_TO_MANY:
        field, reverse = relation.field, stock.static(model, name).reverse
        lookup = field.name if reverse else field.related_query_name()
        source = field.m2m_reverse_field_name() if reverse else field.m2m_field_name()
        plain = relation.through._meta.get_field(source).target_field is model._meta.pk
        return (lookup, lookup) if plain else None
    return None


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
