"""Usage and ``_meta`` to the relations of instances: what is joined, and what is batched.

A join is for forward and reverse one-to-one relations through Django's own managers; everything
else is fetched for all peers at its first touch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.db.models.constants import LOOKUP_SEP

from . import stock
from .implied import widen
from .plan import Relation
from .stock import Kind
from .usage import COMPARED, ELEMENTS, ITERATED, LENGTH, NOTHING, PRINTED, TESTED, Usage

_MOST_LEVELS = 8
#: Uses in which Django evaluates a QuerySet; and those that tell whether it was evaluated before.
_EVALUATED = TESTED | ITERATED | LENGTH
_NOTICED = PRINTED | COMPARED
_QUESTIONS = frozenset(("count", "exists"))


class Link(NamedTuple):
    """How the objects of a related manager are found for many owners at once.

    The column of an owner that holds its key, the lookup of the objects for such keys, and the
    path of the objects by which they are grouped.
    """

    key: str
    lookup: str
    group: str


def link_of(model: type[Model], name: str) -> Link:
    """The Link of the related manager ``name``."""
    kind, relation = stock.classify(model, name)
    if kind is Kind.MANY_TO_MANY:
        field, reverse = relation.field, stock.static(model, name).reverse
        lookup = field.name if reverse else field.related_query_name()
        return Link(_through_key(model, name).attname, lookup, lookup)
    if kind is Kind.REVERSE_MANY:
        field = relation.field
        return Link(field.target_field.attname, field.name, field.attname)
    ids, pk = _object_id(model, name), _pk(model)
    return Link(pk.attname, ids.name, ids.attname)


def linked_otherwise(model: type[Model], name: str) -> str:
    """Why the objects of a related manager cannot be grouped by the keys of their owners."""
    kind, relation = stock.classify(model, name)
    if kind is Kind.MANY_TO_MANY:
        target = _through_key(model, name)
        fits = target.primary_key and target in model._meta.concrete_fields
        return "" if fits else f"{name} refers to another column than the primary key"
    if kind is Kind.REVERSE_MANY:
        target = relation.field.target_field
        fits = target in model._meta.concrete_fields and stock.compares_exactly(target)
        return "" if fits else f"{name} refers to a column that may be compared in another way"
    composite = stock.is_composite(model) or model._meta.apps is not apps
    fits = not composite and stock.compare_alike(_object_id(model, name), _pk(model))
    return "" if fits else f"{name} refers to its objects by another kind of key"


def _through_key(model: type[Model], name: str) -> Any:
    """The field that the rows of a many-to-many table refer to, on the side of the owner."""
    descriptor: Any = stock.static(model, name)
    field: Any = descriptor.rel.field
    reverse = descriptor.reverse
    source = field.m2m_reverse_field_name() if reverse else field.m2m_field_name()
    return descriptor.rel.through._meta.get_field(source).target_field


def _object_id(model: type[Model], name: str) -> Any:
    field: Any = stock.static(model, name).rel.field
    return field.remote_field.model._meta.get_field(field.object_id_field_name)


def _pk(model: type[Model]) -> Any:
    return model._meta.pk


def find_joins(model: type[Model], usage: Usage, levels: int = _MOST_LEVELS) -> tuple[str, ...]:
    """The ``select_related`` paths that ``usage`` reads, the nearer ones first."""
    paths: list[str] = []
    for name, child in sorted(usage.children.items()):
        target = stock.joined(model, name)
        if target is not None and levels:
            below = find_joins(target, child, levels - 1)
            paths += [name, *(f"{name}{LOOKUP_SEP}{path}" for path in below)]
    return tuple(paths)


def find_relations(
    model: type[Model], usage: Usage, joins_keep_order: bool = True, levels: int = _MOST_LEVELS
) -> tuple[Relation, ...]:
    """The relations that ``usage`` reads, with what it reads below them.

    Where joins do not keep the order, objects that nothing orders are fetched without.
    """
    found = (
        _relation(model, name, child, joins_keep_order, levels - 1)
        for name, child in sorted(usage.children.items())
        if levels
    )
    return tuple(relation for relation in found if relation is not None)


def _relation(
    model: type[Model], name: str, usage: Usage, keep: bool, levels: int
) -> Relation | None:
    kind, subject = stock.classify(model, name)
    if kind is Kind.FORWARD and _is_complete(subject):
        return _one(name, "forward", subject.remote_field.model, usage, keep, levels)
    if kind is Kind.REVERSE_ONE:
        return _one(name, "reverse_one", subject.related_model, usage, keep, levels)
    if kind in stock.MANY and _reads_objects(usage):
        parent = subject.field.name if kind is Kind.REVERSE_MANY else ""
        objects = usage.children[ELEMENTS]
        return _many(name, stock.many_model(model, name), objects, keep, levels, parent)
    if kind in stock.MANY and _reads_number(usage) and not linked_otherwise(model, name):
        own = stock.own_manager(stock.many_model(model, name)._default_manager)
        return None if own else Relation(name, "number", (), ())
    if kind is Kind.GENERIC:
        return Relation(name, "generic", (), ())
    return None


def _is_complete(field: Any) -> bool:
    """Whether each key has its object, or such that lack theirs can be told and left to Django."""
    is_told = field.db_constraint or stock.has_exact_keys(field)
    return is_told and not stock.own_manager(field.remote_field.model._base_manager)


def _one(
    name: str, kind: str, target: type[Model], usage: Usage, keep: bool, levels: int
) -> Relation:
    plain = stock.own_manager(target._base_manager)
    joins = () if plain else find_joins(target, widen(target, usage), levels)
    return Relation(name, kind, joins, find_relations(target, usage, keep, levels))


def _reads_objects(usage: Usage) -> bool:
    """Whether the objects themselves are read, not only their number or a subset of them.

    Compared QuerySets are new ones each time, and a slice of one with objects prints as a list. A
    loop over the manager itself fails before there is a query.
    """
    objects = usage.children.get(ELEMENTS)
    if objects is None or objects.marks & _NOTICED or usage.item is not None:
        return False
    return bool(objects.marks & _EVALUATED or objects.item or "0" in objects.children)


def _reads_number(usage: Usage) -> bool:
    """Whether nothing but the number of the objects is read."""
    is_used = bool(usage.marks) or usage.item is not None
    return not is_used and bool(usage.children) and not usage.children.keys() - _QUESTIONS


def _many(
    name: str, target: type[Model], objects: Usage, keep: bool, levels: int, parent: str
) -> Relation:
    """The objects of a manager; they know their ``parent``, the object that they were asked of."""
    item = (objects.item or NOTHING).union(objects.children.get("0", NOTHING))
    own = stock.own_manager(target._default_manager)
    may_join = not own and (keep or target._meta.ordering)
    found = () if not may_join else find_joins(target, widen(target, item), levels)
    joins = tuple(path for path in found if path.partition(LOOKUP_SEP)[0] != parent)
    return Relation(name, "many", joins, find_relations(target, item, keep, levels))


def follow_relation(model: type[Model], name: str) -> tuple[type[Model], bool] | None:
    """The model behind the relation ``name``, and whether a join may follow it."""
    kind, subject = stock.classify(model, name)
    if kind is Kind.FORWARD:
        return subject.remote_field.model, not stock.fetched_elsewhere(subject)
    if kind is Kind.REVERSE_ONE:
        is_apart = subject.parent_link or stock.attached_elsewhere(subject)
        return subject.related_model, not is_apart
    if kind in stock.MANY:
        return stock.many_model(model, name), False
    return None


def noticed(model: type[Model], lookup: str) -> str:
    """Why somebody could notice that ``lookup`` is not prefetched with the QuerySet."""
    for name in lookup.split(LOOKUP_SEP):
        kind, subject = stock.classify(model, name)
        if kind in stock.MANY:
            model = stock.many_model(model, name)
            reason = stock.own_manager(model._default_manager)
        elif kind in (Kind.FORWARD, Kind.REVERSE_ONE):
            model = subject.related_model
            reason = stock.own_manager(model._base_manager)
        else:
            return f"prefetch_related() was chosen for {name}"
        if reason or not model._meta.managed or stock.observed(model):
            return reason or stock.observed(model) or f"{model.__name__} may have no table"
    return ""


def generic_peers(name: str, asked: Model, objects: Sequence[Model]) -> list[Model]:
    """Those of the objects whose generic key ``name`` is of the same model as that of ``asked``.

    None where that key is not loaded, is of no model or does not fit it: Django raises, or runs a
    query, for that one alone. Other keys that do not fit are left out.
    """
    field: Any = type(asked)._meta.get_field(name)
    kind_of = stock.content_type_of(type(asked), name)
    kind = kind_of(asked)
    if kind is None:
        return []
    target = field.get_content_type(id=kind, using=asked._state.db).model_class()
    if target is None or not _fits(target, asked.__dict__[field.fk_field]):
        return []
    alike = [one for one in objects if kind_of(one) == kind]
    return [one for one in alike if _fits(target, one.__dict__[field.fk_field])]


def _fits(model: type[Model], key: Any) -> bool:
    try:
        model._meta.pk.get_prep_value(key)
    except (TypeError, ValueError, ValidationError):
        return False
    return True
