"""A query to its Structure: a key that decides its text, and the parameters that are taken out.

The values of the where tree are parameters; they are prepared by Django's own lookups each time.
Everything else of the query is in the key: the attributes of the query, of its joins and of its
expressions, each by name. An attribute, an expression or a value that is not known here makes the
query one that is not understood, and Django compiles it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet, FieldError, FullResultSet
from django.db.models import F, Field
from django.db.models.expressions import BaseExpression, Col
from django.db.models.functions.datetime import TimezoneMixin
from django.db.models.lookups import In, IsNull, Lookup
from django.db.models.sql import Query
from django.db.models.sql.datastructures import BaseTable, Join
from django.db.models.sql.where import ExtraWhere, WhereNode
from django.utils import timezone
from django.utils.functional import cached_property

from .. import replaced

VENDORS = frozenset(("sqlite", "postgresql", "mysql"))
_PLAIN_LOOKUPS = ("django.db.models.lookups", "django.db.models.fields.related_lookups")
_STOCK = ("django.db.models.", "django.contrib.postgres.")
#: Of an expression: what Django keeps of its arguments, and what it works out when asked.
_DERIVED = frozenset(("_constructor_args",))
_EXACT = frozenset((str, int, bool, bytes, type(None), dt.date, dt.time, UUID))
_BY_TEXT = frozenset((float, Decimal, dt.datetime, dt.timedelta))


class NotUnderstood(Exception):
    """The text of the query may depend on something that no key would hold."""


class Structure:
    """What of a query decides its text (``key``), and its ``params`` in the order of the text.

    ``members`` is the text of one IN whose length the key leaves open, ``limits`` the end of the
    text; ``kept`` holds what the key names by its address.
    """

    __slots__ = (
        "compiler",
        "connection",
        "kept",
        "key",
        "limits",
        "members",
        "params",
        "parts",
        "using",
    )

    def __init__(self, query: Any, connection: Any, using: str) -> None:
        self.connection, self.using = connection, using
        self.compiler = query.get_compiler(using)
        self.params: list[Any] = []
        self.members = self.limits = ""
        self.kept: list[Any] = []
        self.parts: list[Any] = [query.model]
        self._add_query(query)
        self._add_limits(query)
        self._add_where(query.where)
        self.key = tuple(self.parts)

    def _add_query(self, query: Any) -> None:
        if type(query) is not Query:
            raise NotUnderstood(type(query).__name__)
        for name, value in query.__dict__.items():
            add = _ATTRIBUTES.get(name)
            if add is not None:
                add(self, name, value, query)
            elif name not in _IGNORED and value is not _DEFAULTS.get(name, _DEFAULTS):
                raise NotUnderstood(f"Query.{name}")

    def _add_limits(self, query: Any) -> None:
        low, high = query.low_mark, query.high_mark
        if low or high is not None:
            self.parts.append("limits")
            self.limits = f" {self.connection.ops.limit_offset_sql(low, high)}"

    def _add_where(self, where: Any) -> None:
        if type(where) is not WhereNode:
            raise NotUnderstood(type(where).__name__)
        self.parts += (where.connector, where.negated, len(where.children))
        for child in where.children:
            if type(child) is WhereNode:
                self._add_where(child)
            elif _is_plain(child):
                self._add_lookup(child)
            else:
                self._add_compiled(child)

    def _add_lookup(self, lookup: Any) -> None:
        kind, left, right = type(lookup), lookup.lhs, lookup.rhs
        output = left.output_field
        self.parts += (kind, left.alias, id(left.target), id(output))
        self.kept += (left.target, output)
        if right is True or right is False:
            self.parts.append(right)
        if issubclass(kind, IsNull):
            return
        text, params = lookup.process_rhs(self.compiler, self.connection)
        if issubclass(kind, In) and not self.members:
            self.members = f" IN {text}"
        else:
            self.parts.append(text)
        self.params += params

    def _add_compiled(self, child: Any) -> None:
        """A condition whose text is part of the key; Django compiles it alone each time."""
        if not type(child).__module__.startswith(_STOCK) or isinstance(child, ExtraWhere):
            raise NotUnderstood(type(child).__name__)
        grouped = getattr(child, "contains_aggregate", False)
        if grouped or getattr(child, "contains_over_clause", False):
            raise NotUnderstood("a condition on groups")
        text, params = self.compiler.compile(child)
        self.parts += (type(child), text)
        self.params += params

    def add(self, value: Any) -> None:
        """A value of any kind, parameters included, into the key."""
        kind = type(value)
        if kind in _EXACT:
            self.parts += (kind, value)
        elif kind in _BY_TEXT:
            self.parts += (kind, repr(value))
        elif kind in (tuple, list):
            self.parts += (kind, len(value))
            for one in value:
                self.add(one)
        elif kind is frozenset:
            self.parts.append(value)
        elif kind is dict:
            self.parts.append(len(value))
            for name, one in value.items():
                self.parts.append(name)
                self.add(one)
        else:
            self._add_object(value, kind)

    def _add_object(self, value: Any, kind: type) -> None:
        if isinstance(value, Field):
            self._add_field(value, kind)
        elif kind is Query:
            self.parts += (Query, value.model)
            self._add_query(value)
            self.add((value.low_mark, value.high_mark))
            self.add(value.where)
        elif isinstance(value, type):
            self.parts.append(value)
        elif kind.__module__.startswith(_STOCK) and isinstance(value, _EXPRESSIONS):
            self._add_attributes(value, kind)
        else:
            raise NotUnderstood(kind.__name__)

    def _add_attributes(self, value: Any, kind: type) -> None:
        self.parts.append(kind)
        derived = _derived(kind)
        if issubclass(kind, TimezoneMixin):
            self.parts.append(timezone.get_current_timezone_name())
        for name, one in value.__dict__.items():
            if name not in derived:
                self.parts.append(name)
                self.add(one)

    def _add_field(self, field: Any, kind: type) -> None:
        if hasattr(field, "model"):
            self.parts.append(id(field))
            self.kept.append(field)
            return
        if not kind.__module__.startswith("django.db.models.fields") or hasattr(field, "encoder"):
            raise NotUnderstood(kind.__name__)
        sizes = (getattr(field, name, None) for name in _SIZES)
        self.parts += (kind, *sizes)


_EXPRESSIONS = (BaseExpression, F, WhereNode)
_SIZES = ("max_length", "max_digits", "decimal_places", "db_collation", "null")


def _cached(kind: type) -> set[str]:
    return {
        name
        for klass in kind.__mro__
        for name, value in vars(klass).items()
        if isinstance(value, cached_property)
    }


@cache
def _derived(kind: type) -> frozenset[str]:
    """The attributes of an expression that follow from its others; not what was given for one."""
    return (_DERIVED | _cached(kind)) - {"output_field"}


def _is_plain(lookup: Any) -> bool:
    """A comparison of a column with a value, by one of Django's ordinary lookups."""
    return (
        type(lookup).__module__ in _PLAIN_LOOKUPS
        and isinstance(lookup, Lookup)
        and type(lookup.lhs) is Col
        and lookup.rhs_is_direct_value()
        and not lookup.bilateral_transforms
    )


def structure_of(query: Any, connection: Any, using: str) -> Structure | None:
    """The Structure; None for a query that is not understood, or that Django would not run."""
    if connection.vendor not in VENDORS or replaced.in_compiler():
        return None
    try:
        return Structure(query, connection, using)
    except (NotUnderstood, EmptyResultSet, FullResultSet, FieldError):
        return None


Add = Callable[[Structure, str, Any, Any], None]


def _value(structure: Structure, name: str, value: Any, query: Any) -> None:
    if value is not _DEFAULTS.get(name, _DEFAULTS):
        structure.parts.append(name)
        structure.add(value)


def _joins(structure: Structure, name: str, value: dict[str, Any], query: Any) -> None:
    counts, parts = query.alias_refcount, structure.parts
    parts.append(len(value))
    for alias, join in value.items():
        kind = type(join)
        parts += (alias, counts[alias] > 0, kind, join.table_name)
        if kind is Join:
            if join.filtered_relation is not None:
                raise NotUnderstood("a name of its own for a relation")
            parts += (join.parent_alias, id(join.join_field), join.join_type, bool(join.nullable))
            structure.kept.append(join.join_field)
        elif kind is not BaseTable:
            raise NotUnderstood(kind.__name__)


def _mask(structure: Structure, name: str, value: Any, query: Any) -> None:
    structure.parts += (name, None if value is None else tuple(value))


def _deferred(structure: Structure, name: str, value: Any, query: Any) -> None:
    structure.parts += (frozenset(value[0]), value[1])


def _related(structure: Structure, name: str, value: Any, query: Any) -> None:
    structure.parts.append(name)
    _add_tree(structure, value)


def _add_tree(structure: Structure, tree: Any) -> None:
    if not isinstance(tree, dict):
        structure.parts.append(bool(tree))
        return
    structure.parts.append(len(tree))
    for name, below in tree.items():
        structure.parts.append(name)
        _add_tree(structure, below)


def _nothing(structure: Structure, name: str, value: Any, query: Any) -> None:
    if value:
        raise NotUnderstood(f"Query.{name}")


_DEFAULTS: dict[str, Any] = {
    name: value for name, value in vars(Query).items() if not callable(value)
}
_DEFAULTS["alias_cols"] = True
#: Follows from other attributes, or has no part in the text; limits and where are added apart.
_IGNORED = _cached(Query).union((
    "model", "where", "low_mark", "high_mark", "alias_refcount", "table_map", "used_aliases",
    "filter_is_sticky", "base_table", "_annotation_select_cache", "_extra_select_cache",
    "contains_subquery", "_lookup_joins",
))  # fmt: skip
_ATTRIBUTES: dict[str, Add] = {
    "alias_map": _joins,
    "annotation_select_mask": _mask,
    "extra_select_mask": _mask,
    "deferred_loading": _deferred,
    "select_related": _related,
    **dict.fromkeys(
        ("extra_tables", "extra_order_by", "_filtered_relations", "select_for_update",
         "combinator", "combined_queries", "explain_info"),
        _nothing,
    ),
    **dict.fromkeys(
        ("alias_cols", "alias_prefix", "subq_aliases", "external_aliases", "default_cols",
         "default_ordering", "standard_ordering", "subquery", "select", "group_by", "order_by",
         "distinct", "distinct_fields", "annotations", "extra", "max_depth", "values_select",
         "selected"),
        _value,
    ),
}  # fmt: skip
