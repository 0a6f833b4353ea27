"""Usage and ``_meta`` to a RowsPlan: the columns, and where in the row each attribute is found.

Raises Refused where somebody could tell a row from the instance that Django would have given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple, cast

from django.db.models import Field, Model
from django.db.models.constants import LOOKUP_SEP

from . import stock
from .implied import called_names, columns_read
from .modes import FREE, may_be_row
from .plan import Absent, Call, Entry, Many, One, RowsPlan, ShapePlan, Value
from .relations import link_of, linked_otherwise
from .routing import Routed, read_elsewhere
from .stock import Kind
from .usage import CALLED, ITERATED, LENGTH, NOTHING, PRINTED, TESTED, Usage

#: Names on a related manager that a group of rows answers.
_GROUP = frozenset(("all", "count", "exists"))
_FILE_NAMES = frozenset(("name", "path", "size", "url"))
_FILE_SIZES = frozenset(("width", "height"))
_MOST_JOINS = 24


class Order(NamedTuple):
    """Whether joins keep the order of any rows; whether they may be joined to these, and where.

    ``routed`` says which database the rows come from, and who chooses that of others.
    """

    is_kept: bool
    may_join: bool
    routed: Routed = ()


ORDERED = Order(True, True)


class Refused(Exception):
    """Rows would be noticed; the message says by what."""


def rows_plan(
    model: type[Model],
    item: Usage,
    annotations: tuple[str, ...] = (),
    alone: bool = True,
    order: Order = ORDERED,
) -> RowsPlan:
    """``values_list`` of what ``item`` reads, and of all ``annotations``.

    ``alone`` says that an instance of the QuerySet holds nothing but its own columns.
    """
    columns = _Columns(annotations, order)
    top = _shape(model, item, "", columns)
    if top.columns and not alone:
        raise Refused("the instance holds more than its own columns")
    _keep_order(model, columns)
    return RowsPlan(model._meta.label, tuple(columns.paths), top)


class _Columns:
    """The columns of a row: each path once, in the order in which it was first named."""

    def __init__(self, annotations: tuple[str, ...] = (), order: Order = ORDERED) -> None:
        self.annotations = annotations
        self.order = order
        self.paths: dict[str, int] = {name: at for at, name in enumerate(annotations)}
        self.same: dict[str, str] = {}
        #: By prefix: a column that is not NULL where there is an object.
        self.present: dict[str, int] = {}
        self.joins = 0

    def index(self, path: str) -> int:
        return self.paths.setdefault(self.same.get(path, path), len(self.paths))

    def find(self, path: str) -> int:
        """The index of a path that is read anyway; -1 where it is not."""
        return self.paths.get(self.same.get(path, path), -1)

    def join(self) -> None:
        self.joins += 1
        if not self.order.may_join:
            raise Refused(FREE)
        if self.joins > _MOST_JOINS:
            raise Refused("too many joins")


def _shape(model: type[Model], usage: Usage, prefix: str, columns: _Columns) -> ShapePlan:
    _refuse(may_be_row(model, usage))
    if not prefix:
        columns.present[prefix] = columns.index(stock.key_columns(model)[0])
        if len(stock.tables(model)) > 1:
            _keep_order(model, columns)
    entries: list[Entry] = []
    for name, child in usage.children.items():
        if not prefix and name in columns.annotations:
            entries.append(_annotation(model, name, columns))
            continue
        kind, subject = stock.classify(model, name)
        if kind not in stock.BY_INSTANCE:
            entries.append(_ENTRIES[kind](model, name, subject, child, prefix, columns))
    instance = _instance(model, usage, prefix, columns)
    key = -1 if stock.is_composite(model) else columns.find(prefix + _pk(model).attname)
    return ShapePlan(model._meta.label, key, tuple(entries), instance)


def _keep_order(model: type[Model], columns: _Columns) -> None:
    """Read a column that stands in no index, of each table that instances would come from.

    Without one a database may answer from an index alone, in the order of that index: rows that
    are not ordered, or not to the last, would come in another order than instances do.
    """
    inherited = stock.tables(model)
    if len(inherited) > 1 and not columns.order.may_join:
        raise Refused(FREE)
    for table in inherited:
        free = stock.unindexed(table)
        if not free:
            for field in table._meta.local_concrete_fields:
                columns.index(field.attname)
        elif not any(path in free for path in columns.paths):
            columns.index(free[0])


def _refuse(reason: str) -> None:
    if reason:
        raise Refused(reason)


def _instance(
    model: type[Model], usage: Usage, prefix: str, columns: _Columns
) -> tuple[Value, ...]:
    """The columns for an instance; none where no code of the model runs."""
    pk = stock.key_columns(model)
    if usage.marks & CALLED or called_names(model, usage):
        read = columns_read(model, usage)
    elif stock.is_composite(model):
        read = frozenset()
    else:
        return ()
    return tuple(
        Value(field.attname, columns.index(prefix + field.attname))
        for field in model._meta.concrete_fields
        if read is None or field.attname in pk or field.attname in read
    )


def _annotation(model: type[Model], name: str, columns: _Columns) -> Value:
    if stock.static(model, name) is not None:
        raise Refused(f"the annotation {name} hides an attribute")
    return Value(name, columns.index(name))


def _column(
    model: type[Model], name: str, field: Any, usage: Usage, prefix: str, columns: _Columns
) -> Value:
    return Value(name, columns.index(prefix + field.attname))


def _file(
    model: type[Model], name: str, field: Any, usage: Usage, prefix: str, columns: _Columns
) -> Call:
    sized = getattr(field, "width_field", None) or getattr(field, "height_field", None)
    answered = _FILE_NAMES if sized else _FILE_NAMES | _FILE_SIZES
    if usage.marks & ~(PRINTED | TESTED) or usage.item or usage.children.keys() - answered:
        raise Refused(f"the file {name} is used beyond its name and address")
    return Call(name, columns.index(prefix + field.attname), "file", field.attname)


def _display(
    model: type[Model], name: str, field: Any, usage: Usage, prefix: str, columns: _Columns
) -> Call:
    _refuse("" if stock.static(model, field.attname) else f"{name} has no column")
    kind, _ = stock.classify(model, field.attname)
    _refuse("" if kind is Kind.COLUMN else f"{field.attname} is not Django's own")
    return Call(name, columns.index(prefix + field.attname), "display", field.attname)


def _forward(
    model: type[Model], name: str, field: Any, usage: Usage, prefix: str, columns: _Columns
) -> One:
    target = field.remote_field.model
    _refuse(stock.fetched_elsewhere(field) or read_elsewhere(target, columns.order.routed))
    if not field.remote_field.multiple and model is not field.model:
        _refuse_back(target, usage, field.remote_field)
    columns.join()
    below = prefix + field.name + LOOKUP_SEP
    # The foreign key holds what it refers to: reading that there saves the join.
    if stock.compares_exactly(field.target_field):
        columns.same[below + field.target_field.attname] = prefix + field.attname
    always = model._meta.managed and not field.null
    key = columns.present[prefix] if always else columns.index(prefix + field.attname)
    columns.present[below] = key
    return One(name, key, False, _shape(target, usage, below, columns))


def _parent(
    model: type[Model], name: str, field: Any, usage: Usage, prefix: str, columns: _Columns
) -> One:
    """The inherited part, which Django makes of the child's own columns."""
    if field.model is not model:
        raise Refused(f"{name} is the inherited part of another model")
    target = field.remote_field.model
    _refuse_back(target, usage, field.remote_field)
    return One(name, columns.present[prefix], False, _shape(target, usage, prefix, columns))


def _reverse_one(
    model: type[Model], name: str, relation: Any, usage: Usage, prefix: str, columns: _Columns
) -> One:
    target, field = relation.related_model, relation.field
    _refuse(stock.attached_elsewhere(relation) or read_elsewhere(target, columns.order.routed))
    if model is not relation.model:
        _refuse_back(target, usage, field)
    columns.join()
    below = prefix + field.related_query_name() + LOOKUP_SEP
    if relation.parent_link:
        _share_inherited(model, relation, prefix, below, columns)
    key = columns.present[below] = columns.index(below + _pk(target).attname)
    return One(name, key, True, _shape(target, usage, below, columns))


def _share_inherited(
    model: type[Model], relation: Any, prefix: str, below: str, columns: _Columns
) -> None:
    """What a child has inherited stands in the row of the parent."""
    if model is not relation.model:
        raise Refused(f"{relation.name} is a child of another part of {model.__name__}")
    for field in model._meta.concrete_fields:
        columns.same[below + field.attname] = prefix + field.attname


def _refuse_back(model: type[Model], usage: Usage, back: Any) -> None:
    """The way back from an object gives the very one that it was asked of: of another class."""
    name = back.name if back.concrete else back.get_accessor_name()
    read = columns_read(model, usage)
    if name in usage.children:
        raise Refused(f"{name} of {model.__name__} may be an object of another class")
    if read is None or (back.concrete and back.attname in read):
        raise Refused(f"code of {model.__name__} may read {name} as an object of another class")


def _reverse_many(
    model: type[Model], name: str, relation: Any, usage: Usage, prefix: str, columns: _Columns
) -> Many:
    _refuse(linked_otherwise(model, name))
    field = relation.field
    objects = usage.children.get("all", NOTHING).item or NOTHING
    if model is not relation.model:
        _refuse_back(relation.related_model, objects, field)
    _refuse_own_names(model, name, usage, field.name)
    return _many(model, name, usage, prefix, columns, field.name)


def _refuse_own_names(model: type[Model], name: str, usage: Usage, parent: str) -> None:
    """The objects know the very one that they were asked of, with annotations and the like."""
    item = usage.children.get("all", NOTHING).item or NOTHING
    for read in item.children.get(parent, NOTHING).children:
        if stock.classify(model, read)[0] is Kind.ABSENT:
            raise Refused(f"{read} of the parent of {name} may be what an object has of its own")


def _many_to_many(
    model: type[Model], name: str, relation: Any, usage: Usage, prefix: str, columns: _Columns
) -> Many:
    _refuse(linked_otherwise(model, name))
    return _many(model, name, usage, prefix, columns)


def _many(
    owner: type[Model],
    name: str,
    usage: Usage,
    prefix: str,
    columns: _Columns,
    parent: str = "",
) -> Many:
    link, model, order = link_of(owner, name), stock.many_model(owner, name), columns.order
    key = columns.index(prefix + link.key)
    _refuse(stock.own_manager(model._default_manager) or read_elsewhere(model, order.routed))
    if usage.marks or usage.item or usage.children.keys() - _GROUP:
        raise Refused(f"the manager {name} is used beyond its objects and their number")
    objects = usage.children.get("all", NOTHING)
    if objects.marks & ~(TESTED | ITERATED | LENGTH) or objects.children:
        raise Refused(f"{name}.all is used beyond its objects and their number")
    may_join = order.is_kept or bool(model._meta.ordering)
    columns = _Columns(order=order._replace(may_join=may_join))
    at = columns.index(link.group)
    top = _shape(model, _with_parent(model, objects.item or NOTHING, parent), "", columns)
    if objects.item is not None:
        _keep_order(model, columns)
    return Many(name, key, link.lookup, at, RowsPlan(model._meta.label, tuple(columns.paths), top))


def _with_parent(model: type[Model], item: Usage, parent: str) -> Usage:
    """Along with the relation ``parent`` where code of the object may read it anyhow.

    Django's objects of a related manager know the one that they were asked of.
    """
    if not (parent and called_names(model, item)):
        return item
    read, field = columns_read(model, item), cast(Any, model._meta.get_field(parent))
    if read is not None and field.attname not in read:
        return item
    return item.union(Usage(0, {parent: Usage(CALLED)}))


def _generic_many(
    model: type[Model], name: str, subject: Any, usage: Usage, prefix: str, columns: _Columns
) -> Many:
    _refuse(linked_otherwise(model, name))
    return replace(_many(model, name, usage, prefix, columns), generic=model._meta.label)


def _absent(
    model: type[Model], name: str, subject: Any, usage: Usage, prefix: str, columns: _Columns
) -> Absent:
    return Absent(name)


def _related(
    model: type[Model], name: str, subject: Any, usage: Usage, prefix: str, columns: _Columns
) -> Value:
    raise Refused(f"{name} is not one of Django's plain relations")


_ENTRIES: dict[Kind, Callable[..., Entry]] = {
    Kind.COLUMN: _column,
    Kind.FILE: _file,
    Kind.DISPLAY: _display,
    Kind.FORWARD: _forward,
    Kind.PARENT: _parent,
    Kind.REVERSE_ONE: _reverse_one,
    Kind.REVERSE_MANY: _reverse_many,
    Kind.MANY_TO_MANY: _many_to_many,
    Kind.ABSENT: _absent,
    Kind.GENERIC: _related,
    Kind.GENERIC_MANY: _generic_many,
    Kind.RELATED: _related,
}


def _pk(model: type[Model]) -> Field[Any, Any]:
    return model._meta.pk
