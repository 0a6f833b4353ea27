"""How a QuerySet stands: what of it decides how it may be fetched, as data for the optimizer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections, router
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Lookup
from django.db.models.query import ModelIterable
from django.db.models.signals import post_init, pre_init
from django.db.models.sql import Query
from django.db.models.sql.where import ExtraWhere

from .modes import fetch_mode
from .optimizer import QueryShape


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
        bool(query.deferred_loading[0]) or not query.deferred_loading[1],
        "no" if joined is False else "all" if joined is True else "some",
        bool(queryset._prefetch_related_lookups),
        bool(query._filtered_relations) or any(LOOKUP_SEP in one for one in query.annotations),
        tuple(query.annotation_select) if query.annotations else (),
        tuple([field.name for field in queryset._known_related_objects]),
        fetch_mode(queryset),
        bool(router.routers),
        len(pre_init.receivers) + len(post_init.receivers),
        keep,
        not (keep or queryset.ordered),
    )


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
