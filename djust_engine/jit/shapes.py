"""How a QuerySet stands: what of it decides how it may be fetched, as data for the optimizer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import connections
from django.db.models import Model, Prefetch
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Lookup
from django.db.models.query import ModelIterable
from django.db.models.signals import post_init, pre_init
from django.db.models.sql import Query
from django.db.models.sql.where import ExtraWhere

from . import stock
from .modes import QueryShape
from .routing import routed


def query_shape(queryset: Any) -> QueryShape:
    """What of the QuerySet decides how it may be fetched."""
    query: Any = queryset.query
    iterable = queryset._iterable_class
    joined = query.select_related
    keep = joins_keep_order(queryset.db)
    return QueryShape(
        queryset.__class__,
        "ModelIterable" if iterable is ModelIterable else iterable.__qualname__,
        queryset._fields is not None,
        query.distinct,
        query.combinator is not None,
        bool(query.extra or query.extra_tables or query.extra_order_by) or _is_raw(query),
        query.select_for_update,
        query.group_by is not None,
        _deferral(query),
        "no" if joined is False else "all" if joined is True else "some",
        tuple([_lookup(one) for one in queryset._prefetch_related_lookups]),
        bool(query._filtered_relations) or any(LOOKUP_SEP in one for one in query.annotations),
        tuple(query.annotation_select) if query.annotations else (),
        tuple([field.name for field in queryset._known_related_objects]),
        stock.fetch_mode(queryset),
        routed(queryset.db),
        len(pre_init.receivers) + len(post_init.receivers),
        keep,
        not (keep or queryset.ordered),
    )


def _lookup(prefetch: Any) -> str:
    """The path of a prefetch; empty where it has objects or a name of its own."""
    if isinstance(prefetch, str):
        return prefetch
    own = type(prefetch) is not Prefetch or prefetch.queryset is not None or prefetch.to_attr
    return "" if own else prefetch.prefetch_through


def _deferral(query: Any) -> str:
    names, is_deferral = query.deferred_loading
    if not names:
        return ""
    joins = () if query.select_related is False else tuple(_paths(query.select_related))
    return _deferral_of(query.model, frozenset(names), is_deferral, joins)


def _paths(tree: Any, prefix: str = "") -> Iterator[str]:
    if not isinstance(tree, dict):
        yield prefix  # select_related() without names
        return
    for name, below in tree.items():
        yield prefix + name
        if below:
            yield from _paths(below, f"{prefix}{name}{LOOKUP_SEP}")


@lru_cache(1024)
def _deferral_of(
    model: type[Model], names: frozenset[str], is_deferral: bool, joins: tuple[str, ...]
) -> str:
    """What was deferred: "columns" that rows may have; "odd" where Django may object to the names.

    Where nothing that Django reads stands in no index, another column may change the order.
    """
    query: Any = Query(model)
    query.deferred_loading = names, is_deferral
    try:
        loaded = {getattr(field, "attname", "") for field in query.get_select_mask()}
    except FieldDoesNotExist:
        return "odd"
    named = any(one in names for one in joins) if is_deferral else not _names_all(names, joins)
    decided = len(stock.tables(model)) == 1 and loaded.intersection(stock.unindexed(model))
    return "odd" if named or not decided or stock.own_manager(model._base_manager) else "columns"


def _names_all(names: frozenset[str], joins: tuple[str, ...]) -> bool:
    """Whether `only()` with these names has each of the relations that are joined."""
    parts = (one.split(LOOKUP_SEP) for one in names)
    reached = {LOOKUP_SEP.join(one[:end]) for one in parts for end in range(1, len(one) + 1)}
    return reached.issuperset(joins)


def joins_keep_order(db: str) -> bool:
    """Whether rows that nothing orders come as before when an outer join is added.

    SQLite goes through the first table; others may begin with the joined one.
    """
    return connections[db].vendor == "sqlite"


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
