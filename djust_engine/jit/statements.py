"""SQL of rows, kept by the structure of the QuerySet, so that Django need not compile it again.

A structure is everything about a query but the values that it compares with: those are prepared by
Django's own lookups each time. A statement is used when Django has compiled the same text and the
same parameters for its structure twice; what is not understood is compiled each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import Col
from django.db.models.lookups import In, IsNull, Lookup
from django.db.models.sql import Query
from django.db.models.sql.constants import INNER
from django.db.models.sql.where import WhereNode

Row = tuple[Any, ...]

_VENDORS = frozenset(("sqlite", "postgresql", "mysql"))
_LOOKUPS = ("django.db.models.lookups", "django.db.models.fields.related_lookups")
_PROOFS = 2
_MOST_STRUCTURES = 64


@dataclass(slots=True)
class Statement:
    """The text around the parameters of one IN, before the limits; and the selected columns."""

    start: str
    end: str
    columns: list[Any]
    proofs: int = 1


class Structure:
    """What of a query decides its text (``key``), and its ``params`` in the order of the text."""

    __slots__ = ("key", "limits", "members", "params")

    def __init__(self, query: Any, compiler: Any) -> None:
        self.params: list[Any] = []
        self.members = ""
        parts: list[Any] = [query.default_ordering, query.standard_ordering, *query.order_by]
        for alias, join in query.alias_map.items():
            used = query.alias_refcount[alias] > 0
            parts += (alias, used, join.identity, join.join_type)
        self._add(query.where, compiler, parts)
        sliced = query.low_mark or query.high_mark is not None
        limits = compiler.connection.ops.limit_offset_sql(query.low_mark, query.high_mark)
        self.limits = f" {limits}" if sliced else ""
        self.key = tuple(parts)

    def _add(self, where: Any, compiler: Any, parts: list[Any]) -> None:
        parts += (where.connector, where.negated, len(where.children))
        for child in where.children:
            if type(child) is WhereNode:
                self._add(child, compiler, parts)
            else:
                self._add_lookup(child, compiler, parts)

    def _add_lookup(self, lookup: Any, compiler: Any, parts: list[Any]) -> None:
        left, right = lookup.lhs, lookup.rhs
        truth = right if isinstance(right, bool) else None
        parts += (type(lookup), left.alias, id(left.target), truth)
        if isinstance(lookup, IsNull):
            return
        text, params = lookup.process_rhs(compiler, compiler.connection)
        if isinstance(lookup, In) and not self.members:
            self.members = text
        else:
            parts.append(text)
        self.params += params


def is_understood(query: Any) -> bool:
    """Whether a Structure can tell this query from every other with another text."""
    kind: type[Any] = type(query)
    return (
        kind is Query
        and not query.annotations
        and not (query.distinct or query.combinator or query.select_for_update)
        and not (query.extra or query.extra_tables or query.extra_order_by)
        and not (query._filtered_relations or query.external_aliases or query.subquery)
        and query.group_by is None
        and query.explain_info is None
        and query.alias_prefix == "T"
        and all(type(one) is str for one in query.order_by)
        and _are_understood(query.where)
    )


def _are_understood(where: Any) -> bool:
    return type(where) is WhereNode and all(
        _are_understood(child) if type(child) is WhereNode else _is_understood(child)
        for child in where.children
    )


def _is_understood(lookup: Any) -> bool:
    return (
        isinstance(lookup, Lookup)
        and type(lookup).__module__ in _LOOKUPS
        and type(lookup.lhs) is Col
        and lookup.rhs_is_direct_value()
        and not lookup.bilateral_transforms
    )


class Statements:
    """Fetches ``columns`` of QuerySets of one model from one database."""

    def __init__(self, columns: tuple[str, ...], db: str) -> None:
        self.columns = columns
        self.db = db
        self.known: dict[tuple[Any, ...], Statement | None] = {}

    def fetch(self, queryset: QuerySet[Any]) -> list[Row]:
        """The rows, in the order in which the QuerySet's own columns alone would have come."""
        structure = self._structure(queryset.query)
        if structure is None:
            return list(widened(queryset, self.columns))
        if structure.key not in self.known:
            return self._learn(queryset, structure, None)
        statement = self.known[structure.key]
        if statement is None:
            return list(widened(queryset, self.columns))
        if statement.proofs < _PROOFS:
            return self._learn(queryset, structure, statement)
        return self._run(statement, structure)

    def _structure(self, query: Any) -> Structure | None:
        compiler = query.get_compiler(self.db)
        if compiler.connection.vendor not in _VENDORS or not is_understood(query):
            return None
        try:
            return Structure(query, compiler)
        except (EmptyResultSet, FullResultSet):
            return None

    def _learn(
        self, queryset: QuerySet[Any], structure: Structure, known: Statement | None
    ) -> list[Row]:
        rows = widened(queryset, self.columns)
        statement = compiled(rows.query, self.db, structure)
        if known is not None and statement is not None:
            same = (statement.start, statement.end) == (known.start, known.end)
            known.proofs += 1
            statement = known if same else None
        if len(self.known) >= _MOST_STRUCTURES:
            self.known.clear()
        self.known[structure.key] = statement
        return list(rows)

    def _run(self, statement: Statement, structure: Structure) -> list[Row]:
        text = f"{statement.start}{structure.members}{statement.end}{structure.limits}"
        connection = connections[self.db]
        with connection.cursor() as cursor:
            cursor.execute(text, tuple(structure.params))
            rows: list[Row] = list(cursor.fetchall())
        return converted(rows, statement.columns, connection)


def compiled(query: Any, db: str, structure: Structure) -> Statement | None:
    """Django's text, cut where the structure puts its pieces; None where it cannot be cut."""
    compiler = query.get_compiler(db)
    try:
        text, params = compiler.as_sql()
    except (EmptyResultSet, FullResultSet):
        return None
    if list(params) != structure.params or not text.endswith(structure.limits):
        return None
    start, members, end = text.removesuffix(structure.limits), structure.members, ""
    if members:
        if start.count(members) != 1:
            return None
        start, _, end = start.partition(members)
    return Statement(start, end, [one[0] for one in compiler.select[: compiler.col_count]])


def converted(rows: list[Row], columns: Sequence[Any], connection: Any) -> list[Row]:
    """The rows as Django's compiler converts them from what the database gives."""
    converters = []
    for index, column in enumerate(columns):
        functions = connection.ops.get_db_converters(column) + column.get_db_converters(connection)
        if functions:
            converters.append((index, functions, column))
    if not converters:
        return rows
    return [_converted(list(row), converters, connection) for row in rows]


def _converted(values: list[Any], converters: list[Any], connection: Any) -> Row:
    for index, functions, column in converters:
        value = values[index]
        for function in functions:
            value = function(value, column, connection)
        values[index] = value
    return tuple(values)


def widened(queryset: QuerySet[Any], columns: tuple[str, ...]) -> QuerySet[Any, Any]:
    """``values_list`` whose joins cannot change the order of the rows."""
    rows = queryset.values_list(*columns)
    joins: dict[str, Any] = rows.query.alias_map
    kept = len(queryset.query.alias_map) or 1
    # The first of two tables may be the one that a database finds cheaper; an outer join fixes it.
    for alias in list(islice(joins, kept, None)):
        if joins[alias].join_type == INNER:
            joins[alias] = joins[alias].promote()
    return rows
