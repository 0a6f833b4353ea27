"""Plan to code: the functions that rows call, and the serializers of JSON views.

``build_shape`` turns a ShapePlan into the native Shape that the renderer reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.db.models import Field, Model
from django.utils.choices import CallableChoiceIterator
from django.utils.encoding import force_str
from django.utils.hashable import make_hashable

from . import stock
from .plan import Call, Many, One, ShapePlan, Value

Row = tuple[Any, ...]
Load = Callable[[Iterable[Row]], dict[Any, list[Row]]]
Make = Callable[[Row], Model]


def build_shape(
    plan: ShapePlan, db: str, new: Callable[..., Any], load: Callable[[Many], Load]
) -> Any:
    """``new(entries, make)`` for the plan and, below it, for each related object.

    ``new`` is the native Shape; ``load`` gives the function that runs the query of a Many.
    """
    model = apps.get_model(plan.model)
    entries = [_entry(one, model, db, new, load) for one in plan.entries]
    return new(entries, instance_maker(plan, db))


def _entry(
    one: Any, model: type[Model], db: str, new: Callable[..., Any], load: Callable[[Many], Load]
) -> tuple[Any, ...]:
    match one:
        case Value(name, index):
            return ("value", name, index)
        case Call(name, index, maker, field):
            return ("call", name, index, _MAKERS[maker](model._meta.get_field(field)))
        case One(name, key, missing, shape):
            return ("one", name, key, build_shape(shape, db, new, load), missing)
        case Many(name, key, _, _, rows):
            return ("many", name, key, build_shape(rows.shape, db, new, load), load(one))
    raise TypeError(f"not an entry: {one!r}")


def instance_maker(plan: ShapePlan, db: str) -> Make | None:
    """``make(row)``: the instance that Django would have made of the row, or None without one."""
    if not plan.instance:
        return None
    model = apps.get_model(plan.model)
    names = [field.attname for field in model._meta.concrete_fields]
    values = _picker(plan.instance)
    from_db = model.from_db
    linked = [_linker(one, model, db) for one in plan.entries if _is_linked(one)]

    def make(row: Row) -> Model:
        instance = from_db(db, names, values(row))
        for link in linked:
            link(instance, row)
        return instance

    return make


def _picker(indexes: tuple[int, ...]) -> Callable[[Row], Row]:
    if len(indexes) == 1:
        (only,) = indexes
        return lambda row: (row[only],)
    return itemgetter(*indexes)


def _is_linked(one: Any) -> bool:
    return isinstance(one, One) and bool(one.shape.instance)


def _linker(one: One, model: type[Model], db: str) -> Callable[[Model, Row], None]:
    """Sets the related object of the same row, as ``select_related`` would."""
    _, subject = stock.classify(model, one.name)
    make, key = instance_maker(one.shape, db), one.key
    remote = subject.remote_field if not one.missing else subject.field
    single = one.missing or not remote.multiple
    assert make is not None

    def link(instance: Model, row: Row) -> None:
        related = None if row[key] is None else make(row)
        subject.set_cached_value(instance, related)
        if related is not None and single:
            remote.set_cached_value(related, instance)

    return link


def file_maker(field: Any) -> Callable[[Any], Any]:
    """``function(value)``: what Django's file descriptor makes of a column."""
    make = field.attr_class

    def file(value: Any) -> Any:
        return make(None, field, value)

    return file


def display_maker(field: Field[Any, Any]) -> Callable[[Any], Any]:
    """``function(value)``: the label of a choice, translated when it is asked for."""
    if isinstance(field.choices, CallableChoiceIterator):
        return lambda value: _label(dict(make_hashable(field.flatchoices)), value)
    labels = dict(make_hashable(field.flatchoices))
    return lambda value: _label(labels, value)


def _label(labels: dict[Any, Any], value: Any) -> Any:
    try:
        label = labels.get(value, value)
    except TypeError:
        label = labels.get(make_hashable(value), value)
    return label if type(label) is str else force_str(label, strings_only=True)


_MAKERS: dict[str, Callable[[Any], Callable[[Any], Any]]] = {
    "file": file_maker,
    "display": display_maker,
}


def group(rows: Iterable[Row], index: int) -> dict[Any, list[Row]]:
    """The rows by their value at ``index``, in the order in which they came."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        key = row[index]
        if key in groups:
            groups[key].append(row)
        else:
            groups[key] = [row]
    return groups
