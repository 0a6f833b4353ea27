"""Usage and ``_meta`` to a RowsPlan: the columns, and where in the row each attribute is found.

Raises Refused where somebody could tell a row from the instance that Django would have given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

from django.db.models import Field, Model
from django.db.models.constants import LOOKUP_SEP

from . import stock
from .implied import called_names, columns_read
from .plan import Absent, Call, Entry, Many, One, RowsPlan, ShapePlan, Value
from .stock import Kind
from .usage import CALLED, COMPARED, ESCAPES, ITERATED, LENGTH, NOTHING, PRINTED, TESTED, Usage

#: Names on a related manager that a group of rows answers.
_GROUP = frozenset(("all", "count", "exists"))
_FILE_NAMES = frozenset(("name", "path", "size", "url"))
_FILE_SIZES = frozenset(("width", "height"))
_MOST_JOINS = 24


#: Why tables are not joined to rows that nothing orders.
FREE = "the rows are in no order, which a join may change in this database"


class Order(NamedTuple):
    """Whether joins keep the order of any rows; and whether they may be joined to these."""

    is_kept: bool
    may_join: bool


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
    _refuse(stock.observed(model) or stock.uncommon(model))
    _refuse_marks(model, usage)
    if not prefix:
        columns.present[prefix] = columns.index(_pk(model).attname)
    entries: list[Entry] = []
    for name, child in usage.children.items():
        if not prefix and name in columns.annotations:
            entries.append(_annotation(model, name, columns))
            continue
        kind, subject = stock.classify(model, name)
        if kind is not Kind.CODE:
            entries.append(_ENTRIES[kind](model, name, subject, child, prefix, columns))
    instance = _instance(model, usage, prefix, columns)
    key = columns.find(prefix + _pk(model).attname)
    return ShapePlan(model._meta.label, key, tuple(entries), instance)


def _keep_order(model: type[Model], columns: _Columns) -> None:
    """Read a column that stands in no index.

    Without one a database may answer from an index alone, in the order of that index: rows that
    are not ordered, or not to the last, would come in another order than instances do.
    """
    free = stock.unindexed(model)
    if not free:
        for field in model._meta.concrete_fields:
            columns.index(field.attname)
    elif not any(path in free for path in columns.paths):
        columns.index(free[0])


def _refuse(reason: str) -> None:
    if reason:
        raise Refused(reason)


def _refuse_marks(model: type[Model], usage: Usage) -> None:
    name = model.__name__
    if usage.marks & ESCAPES:
        raise Refused(f"{name} escapes to code that may do anything with it")
    if usage.marks & COMPARED:
        raise Refused(f"{name} is compared")
    if usage.marks & (ITERATED | LENGTH) or usage.item is not None:
        raise Refused(f"{name} is used as a sequence")


def _instance(
    model: type[Model], usage: Usage, prefix: str, columns: _Columns
) -> tuple[Value, ...]:
    """The columns for an instance; none where no code of the model runs."""
    if not (usage.marks & CALLED or called_names(model, usage)):
        return ()
    read = columns_read(model, usage)
    return tuple(
        Value(field.attname, columns.index(prefix + field.attname))
        for field in model._meta.concrete_fields
        if read is None or field.primary_key or field.attname in read
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
    _refuse(stock.fetched_elsewhere(field))
    columns.join()
    target = field.remote_field.model
    below = prefix + field.name + LOOKUP_SEP
    # The foreign key holds the primary key: reading it there saves the join.
    columns.same[below + _pk(target).attname] = prefix + field.attname
    always = model._meta.managed and not field.null
    key = columns.present[prefix] if always else columns.index(prefix + field.attname)
    columns.present[below] = key
    return One(name, key, False, _shape(target, usage, below, columns))


def _reverse_one(
    model: type[Model], name: str, relation: Any, usage: Usage, prefix: str, columns: _Columns
) -> One:
    _refuse(stock.attached_elsewhere(relation))
    columns.join()
    target = relation.related_model
    below = prefix + relation.field.related_query_name() + LOOKUP_SEP
    key = columns.present[below] = columns.index(below + _pk(target).attname)
    return One(name, key, True, _shape(target, usage, below, columns))


def _reverse_many(
    model: type[Model], name: str, relation: Any, usage: Usage, prefix: str, columns: _Columns
) -> Many:
    field = relation.field
    if field.target_field is not model._meta.pk:
        raise Refused(f"{name} refers to another column than the primary key")
    _refuse_own_names(model, name, usage, field.name)
    key = columns.index(prefix + _pk(model).attname)
    model = relation.related_model
    return _many(
        name, key, model, field.name, field.attname, usage, columns.order.is_kept, field.name
    )


def _refuse_own_names(model: type[Model], name: str, usage: Usage, parent: str) -> None:
    """The objects know the very one that they were asked of, with annotations and the like."""
    item = usage.children.get("all", NOTHING).item or NOTHING
    for read in item.children.get(parent, NOTHING).children:
        if stock.classify(model, read)[0] is Kind.ABSENT:
            raise Refused(f"{read} of the parent of {name} may be what an object has of its own")


def _many_to_many(
    model: type[Model], name: str, relation: Any, usage: Usage, prefix: str, columns: _Columns
) -> Many:
    field, reverse = relation.field, stock.static(model, name).reverse
    lookup = field.name if reverse else field.related_query_name()
    source = field.m2m_reverse_field_name() if reverse else field.m2m_field_name()
    link = relation.through._meta.get_field(source)
    if link.target_field is not model._meta.pk:
        raise Refused(f"{name} refers to another column than the primary key")
    key = columns.index(prefix + _pk(model).attname)
    return _many(
        name, key, stock.many_model(model, name), lookup, lookup, usage, columns.order.is_kept
    )


def _many(
    name: str,
    key: int,
    model: type[Model],
    lookup: str,
    group: str,
    usage: Usage,
    is_order_kept: bool,
    parent: str = "",
) -> Many:
    _refuse(stock.own_manager(model._default_manager))
    if usage.marks or usage.item or usage.children.keys() - _GROUP:
        raise Refused(f"the manager {name} is used beyond its objects and their number")
    objects = usage.children.get("all", NOTHING)
    if objects.marks & ~(TESTED | ITERATED | LENGTH) or objects.children:
        raise Refused(f"{name}.all is used beyond its objects and their number")
    columns = _Columns(order=Order(is_order_kept, is_order_kept or bool(model._meta.ordering)))
    at = columns.index(group)
    top = _shape(model, _with_parent(model, objects.item or NOTHING, parent), "", columns)
    if objects.item is not None:
        _keep_order(model, columns)
    return Many(name, key, lookup, at, RowsPlan(model._meta.label, tuple(columns.paths), top))


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
    Kind.REVERSE_ONE: _reverse_one,
    Kind.REVERSE_MANY: _reverse_many,
    Kind.MANY_TO_MANY: _many_to_many,
    Kind.ABSENT: _absent,
    Kind.GENERIC: _related,
    Kind.GENERIC_MANY: _related,
    Kind.RELATED: _related,
}


def _pk(model: type[Model]) -> Field[Any, Any]:
    return model._meta.pk
