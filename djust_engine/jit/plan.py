"""How a QuerySet is fetched, as data: what the optimizer decides, codegen and fetch carry out.

Plans are frozen, know no ORM object, and travel as versioned JSON, so that they may be shared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

VERSION = 3


class PlanError(ValueError):
    """A text that is not a plan of this version."""


@dataclass(frozen=True, slots=True)
class Value:
    """The attribute ``name`` is the column at ``index``, as it is."""

    name: str
    index: int


@dataclass(frozen=True, slots=True)
class Call:
    """The attribute ``name`` is made of the column at ``index``: a file, or a choice's label."""

    name: str
    index: int
    maker: str  # "file" | "display"
    field: str


@dataclass(frozen=True, slots=True)
class One:
    """A related object in the same row; a NULL at ``key`` is None, or absent where ``missing``."""

    name: str
    key: int
    missing: bool
    shape: ShapePlan


@dataclass(frozen=True, slots=True)
class Many:
    """A related manager: ``rows`` are filtered by ``lookup`` in the keys, grouped by ``group``.

    Those of a generic relation refer to the content type of the model ``generic``.
    """

    name: str
    key: int
    lookup: str
    group: int
    rows: RowsPlan
    generic: str = ""


@dataclass(frozen=True, slots=True)
class Absent:
    """The model has no attribute ``name``."""

    name: str


@dataclass(frozen=True, slots=True)
class ShapePlan:
    """What a row answers: ``key`` is its primary key, ``columns`` what an instance is made of.

    No columns: nothing is known to ask for the instance. Key -1: it is not among the columns.
    """

    model: str
    key: int
    entries: tuple[Entry, ...]
    columns: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class RowsPlan:
    """``values_list(*columns)`` in place of instances."""

    model: str
    columns: tuple[str, ...]
    shape: ShapePlan

    mode = "rows"

    @property
    def reasons(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation that is fetched for all peers at its first touch, ``joins`` along with it."""

    name: str
    kind: str  # "forward" | "reverse_one" | "many" | "number" | "generic"
    joins: tuple[str, ...]
    below: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class InstancesPlan:
    """Instances, with ``joins`` in their query and ``relations`` in one query each.

    The joins that were ``learned`` are of relations that only code below the template reads.
    """

    model: str
    joins: tuple[str, ...]
    relations: tuple[Relation, ...]
    reasons: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()

    mode = "instances"


@dataclass(frozen=True, slots=True)
class Untouched:
    """Django as it is."""

    model: str
    reasons: tuple[str, ...] = ()

    mode = "untouched"


Entry = Value | Call | One | Many | Absent
Plan = RowsPlan | InstancesPlan | Untouched

_KINDS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        *(Value, Call, One, Many, Absent, ShapePlan),
        *(RowsPlan, Relation, InstancesPlan, Untouched),
    )
}
_HINTS: dict[str, dict[str, Any]] = {name: get_type_hints(kind) for name, kind in _KINDS.items()}


def to_json(plan: Plan) -> str:
    return json.dumps({"version": VERSION, "plan": tree_of(plan)}, separators=(",", ":"))


def from_json(text: str | bytes) -> Plan:
    """The plan in ``text``; PlanError for what ``to_json`` of this version did not write."""
    try:
        document = json.loads(text)
        if document["version"] != VERSION:
            raise PlanError(f"plan version {document['version']!r}, expected {VERSION}")
        return plan_of(document["plan"])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise PlanError(f"not a plan: {error}") from error


def plan_of(tree: Any) -> Plan:
    """The plan that ``tree_of`` made the tree of; PlanError, KeyError or TypeError for others."""
    plan = _node(tree)
    if not isinstance(plan, RowsPlan | InstancesPlan | Untouched):
        raise PlanError(f"not a plan: {type(plan).__name__}")
    return plan


def tree_of(node: Any) -> Any:
    """A plan or a part of one as JSON can hold it."""
    if isinstance(node, tuple):
        return [tree_of(one) for one in node]
    if type(node).__name__ in _KINDS:
        tree = {one.name: tree_of(getattr(node, one.name)) for one in fields(node)}
        return {"type": type(node).__name__, **tree}
    return node


def _node(tree: Any) -> Any:
    if isinstance(tree, list):
        return tuple(_node(one) for one in tree)
    if not isinstance(tree, dict):
        return tree
    name = tree["type"]
    values = {key: _node(value) for key, value in tree.items() if key != "type"}
    for key, hint in _HINTS[name].items():
        if not _is_of(hint, values[key]):
            raise PlanError(f"{name}.{key} is {values[key]!r}")
    return _KINDS[name](**values)


def _is_of(hint: Any, value: Any) -> bool:
    """Whether the value is of exactly this type: one of the classes above, or a tuple of such."""
    if isinstance(hint, UnionType):
        return any(_is_of(one, value) for one in hint.__args__)
    if get_origin(hint) is tuple:
        return type(value) is tuple and all(_is_of(get_args(hint)[0], one) for one in value)
    return type(value) is hint


def joined_paths(plan: Plan) -> Iterator[str]:
    """The dotted paths of the related objects that come in the rows' own query."""
    if isinstance(plan, RowsPlan):
        yield from (path for path, one in _walk(plan.shape) if isinstance(one, One))
    elif isinstance(plan, InstancesPlan):
        yield from (path.replace("__", ".") for path in plan.joins)


def batched_paths(plan: Plan) -> Iterator[str]:
    """The dotted paths of the relations that cost a query each, for all objects at once."""
    if isinstance(plan, RowsPlan):
        yield from (path for path, one in _walk(plan.shape) if isinstance(one, Many))
    elif isinstance(plan, InstancesPlan):
        joined = set(joined_paths(plan))
        yield from (path for path in _below(plan.relations) if path not in joined)


def _walk(shape: ShapePlan, prefix: str = "") -> Iterator[tuple[str, One | Many]]:
    for one in shape.entries:
        if isinstance(one, One | Many):
            path = prefix + one.name
            yield path, one
            yield from _walk(one.shape if isinstance(one, One) else one.rows.shape, path + ".")


def _below(relations: Iterable[Relation], prefix: str = "") -> Iterator[str]:
    for relation in relations:
        yield prefix + relation.name
        yield from _below(relation.below, f"{prefix}{relation.name}.")
