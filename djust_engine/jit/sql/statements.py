"""SQL that is kept by the structure of a query, so that Django need not compile it again.

A statement is used when Django has compiled the same text and the same parameters for its
structure twice; what is not understood is compiled each time.
"""

from __future__ import annotations

import datetime as dt
import weakref
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import backends, connections
from django.db.models import QuerySet
from django.db.models.expressions import ColPairs
from django.db.models.sql.constants import INNER

from ...conf import get_config
from .cursors import Row, execute
from .structure import Structure, structure_of

Converters = list[tuple[int, list[Any], Any, frozenset[type]]]

_PROOFS = 2
_MOST_TRIALS = 8
_MOST_STRUCTURES = 64


class StatementDiffers(AssertionError):
    """In verify mode: the text or the parameters that were kept are not those of Django."""


class Statement:
    """The text around the parameters of one IN, before the limits; and what it selects.

    ``offsets`` are the places among ``params`` where those of the where tree may begin; the others
    are constants of the structure.
    """

    __slots__ = (
        *("start", "end", "params", "width", "offsets", "proofs", "kept"),
        *("select", "col_count", "klass_info", "annotations", "made", "_converters"),
    )

    def __init__(
        self, start: str, end: str, params: Row, structure: Structure, compiler: Any
    ) -> None:
        self.start, self.end, self.params = start, end, params
        self.width, self.kept, self.proofs = len(structure.params), structure.kept, 1
        self.offsets = _offsets(params, structure.params)
        self.select, self.col_count = compiler.select, compiler.col_count
        self.klass_info, self.annotations = compiler.klass_info, compiler.annotation_col_map
        #: What is made of the rows, as whoever fetches remembers it.
        self.made: dict[Any, Any] = {}
        self._converters: dict[int, tuple[weakref.ref[Any], Converters]] = {}

    def is_proven(self) -> bool:
        return self.proofs >= _PROOFS and len(self.offsets) == 1

    def is_hopeless(self) -> bool:
        return not self.offsets or self.proofs >= _MOST_TRIALS

    def prove(self, other: Statement) -> None:
        """``other`` is what Django compiled for the same structure this time."""
        same = (self.start, self.end, self.col_count) == (other.start, other.end, other.col_count)
        ours, theirs = self._constants(), other._constants()
        kept = (at for at in ours.keys() & theirs.keys() if _are_same(ours[at], theirs[at]))
        self.offsets = frozenset(kept) if same else frozenset()
        self.proofs += 1

    def _constants(self) -> dict[int, Row]:
        return {at: self.params[:at] + self.params[at + self.width :] for at in self.offsets}

    def text(self, members: str, limits: str) -> str:
        return f"{self.start}{members}{self.end}{limits}"

    def parameters(self, own: Sequence[Any]) -> Row:
        if len(self.params) == self.width:
            return tuple(own)
        (at,) = self.offsets
        return (*self.params[:at], *own, *self.params[at + self.width :])

    def takes_only_members(self, structure: Structure) -> bool:
        """Whether the members of one IN are all its parameters."""
        placeholders = structure.members.count("%s")
        is_only = placeholders == len(structure.params) and self.width == len(self.params)
        return bool(placeholders) and is_only

    def converters(self, connection: Any) -> Converters:
        """As Django's compiler has them for the selected columns."""
        known = self._converters.get(id(connection))
        if known is None or known[0]() is not connection:
            columns = [one[0] for one in self.select[: self.col_count]]
            known = weakref.ref(connection), find_converters(columns, connection)
            self._converters[id(connection)] = known
        return known[1]

    def rows(self, structure: Structure) -> list[Row]:
        """The rows that the database has now, converted as Django's compiler does."""
        text = self.text(structure.members, structure.limits)
        return self.fetch(structure.connection, text, self.parameters(structure.params))

    def fetch(self, connection: Any, text: str, params: Row) -> list[Row]:
        found = execute(connection, text, params)
        if found and len(found[0]) > self.col_count:
            found = [row[: self.col_count] for row in found]
        converters = self.converters(connection)
        if not converters:
            return found
        return [_converted(row, converters, connection) for row in found]


def _offsets(params: Row, own: Sequence[Any]) -> frozenset[int]:
    width = len(own)
    if not width:
        return frozenset((0,))
    places = range(len(params) - width + 1)
    return frozenset(at for at in places if _are_same(params[at : at + width], own))


def _are_same(left: Sequence[Any], right: Sequence[Any]) -> bool:
    return len(left) == len(right) and all(
        type(a) is type(b) and a == b for a, b in zip(left, right, strict=True)
    )


class Kept:
    """Statements by structure, for one way to fetch a QuerySet.

    ``select(queryset)`` gives the Query that this way would have Django compile.
    """

    def __init__(
        self, select: Callable[[QuerySet[Any]], Any], most: int = _MOST_STRUCTURES
    ) -> None:
        self.select, self.most = select, most
        self.known: dict[tuple[Any, ...], Statement | None] = {}

    def find(self, queryset: QuerySet[Any]) -> tuple[Statement, Structure] | None:
        """A proven statement and its parameters; None when Django is to compile the query."""
        using = queryset.db
        structure = structure_of(queryset.query, connections[using], using)
        if structure is None:
            return None
        key = (using, *structure.key)
        statement = self.known.get(key, self)
        if statement is None:
            return None
        if isinstance(statement, Statement) and statement.is_proven():
            if get_config().VERIFY:
                self._verify(queryset, statement, structure)
            return statement, structure
        self._learn(queryset, structure, key)
        return None

    def _learn(self, queryset: QuerySet[Any], structure: Structure, key: tuple[Any, ...]) -> None:
        statement = compiled(self.select(queryset), structure)
        remembered(self.known, key, statement, self.most)

    def _verify(self, queryset: QuerySet[Any], statement: Statement, structure: Structure) -> None:
        compiler = self.select(queryset).get_compiler(structure.using)
        text, params = compiler.as_sql()
        kept = (
            statement.text(structure.members, structure.limits),
            statement.parameters(structure.params),
        )
        if kept[0] != text or not _are_same(kept[1], params):
            raise StatementDiffers(f"kept: {kept}; Django: {(text, params)}")


def remembered(
    known: dict[tuple[Any, ...], Statement | None],
    key: tuple[Any, ...],
    statement: Statement | None,
    most: int,
) -> None:
    """Keep the statement as one proof more for ``key``; None for good where it is none."""
    before = known.get(key)
    if before is not None and statement is not None:
        before.prove(statement)
        statement = None if before.is_hopeless() and not before.is_proven() else before
    if len(known) >= most:
        known.clear()
    known[key] = statement


def compiled(query: Any, structure: Structure) -> Statement | None:
    """The statement of what Django compiles; None where it cannot be cut."""
    compiler = query.get_compiler(structure.using)
    try:
        text, params = compiler.as_sql()
    except (EmptyResultSet, FullResultSet):
        return None
    return None if _has_pairs(compiler.select) else cut(text, params, structure, compiler)


def cut(text: str, params: Any, structure: Structure, compiler: Any) -> Statement | None:
    """Django's text, cut where the structure puts its pieces; None where that is not certain."""
    if not text.endswith(structure.limits):
        return None
    start, members, end = text.removesuffix(structure.limits), structure.members, ""
    if members:
        if start.count(members) != 1:
            return None
        start, _, end = start.partition(members)
    statement = Statement(start, end, tuple(params), structure, compiler)
    return statement if statement.offsets else None


def _has_pairs(select: Sequence[Any]) -> bool:
    return any(isinstance(one[0], ColPairs) for one in select)


def find_converters(columns: Sequence[Any], connection: Any) -> Converters:
    """By index: the functions that make a column's value of what the database gives.

    Along with them the classes of values that they give back as they are.
    """
    found = []
    for index, column in enumerate(columns):
        functions = connection.ops.get_db_converters(column) + column.get_db_converters(connection)
        if functions:
            found.append((index, functions, column, _unchanged(functions)))
    return found


def _unchanged(functions: Sequence[Any]) -> frozenset[type]:
    return frozenset.intersection(*map(_unchanged_by, functions))


def _unchanged_by(function: Any) -> frozenset[type]:
    """By what is known of Django's own converters for SQLite."""
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    if code is None or code.co_filename != _SQLITE:
        return _NEVER
    return _UNCHANGED.get(code.co_name, _NEVER)


_SQLITE = str(Path(backends.__path__[0], "sqlite3", "operations.py"))
_NEVER: frozenset[type] = frozenset()
_NULL: frozenset[type] = frozenset((type(None),))
_UNCHANGED = {
    "convert_datetimefield_value": _NULL,
    "convert_datefield_value": _NULL | {dt.date},
    "convert_timefield_value": _NULL | {dt.time},
    "convert_uuidfield_value": _NULL,
    "convert_booleanfield_value": _NULL | {bool},
    "converter": _NULL,
}


def _converted(row: Row, converters: Converters, connection: Any) -> Row:
    values: list[Any] | None = None
    for index, functions, column, unchanged in converters:
        value = row[index]
        if type(value) not in unchanged:
            for function in functions:
                value = function(value, column, connection)
            values = list(row) if values is None else values
            values[index] = value
    return row if values is None else tuple(values)


class Statements:
    """Fetches ``columns`` of QuerySets of one model."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns = columns
        self.kept = Kept(lambda queryset: widened(queryset, columns).query)

    def fetch(self, queryset: QuerySet[Any]) -> list[Row]:
        """The rows, in the order in which the QuerySet's own columns alone would have come."""
        found = self.kept.find(queryset)
        if found is None:
            return list(widened(queryset, self.columns))
        statement, structure = found
        return statement.rows(structure)


def widened(queryset: QuerySet[Any], columns: tuple[str, ...]) -> QuerySet[Any, Any]:
    """``values_list`` whose joins cannot change the order of the rows."""
    rows: Any = queryset.values_list(*columns)
    rows._prefetch_related_lookups = ()
    joins: dict[str, Any] = rows.query.alias_map
    kept = len(queryset.query.alias_map) or 1
    inherited = set(islice(joins, 1))
    # The first of two tables may be the one that a database finds cheaper; an outer join fixes it.
    for alias in list(islice(joins, kept, None)):
        if _is_inherited(joins[alias], inherited):
            inherited.add(alias)
        elif joins[alias].join_type == INNER:
            joins[alias] = joins[alias].promote()
    found: QuerySet[Any, Any] = rows
    return found


def _is_inherited(join: Any, inherited: set[str]) -> bool:
    """Whether Django joins the table itself, to the model's own: that of an inherited part."""
    link = join.join_field
    return join.parent_alias in inherited and bool(getattr(link.remote_field, "parent_link", False))
