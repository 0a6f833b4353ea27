"""Usage and ``_meta`` to the relations of instances: what is joined, and what is batched.

A join is for forward and reverse one-to-one relations through Django's own managers; everything
else is fetched for all peers at its first touch.
"""

from __future__ import annotations

from typing import Any

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
    if kind is Kind.GENERIC:
        return Relation(name, "generic", (), ())
    return None


def _is_complete(field: Any) -> bool:
    """Whether each key has its object: a batch that misses one would leave None in its place."""
    return field.db_constraint and not stock.own_manager(field.remote_field.model._base_manager)


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
