"""A RowsPlan and a tree of names to a function: tuples of ``values_list`` to nested dicts.

The function is generated, so that a row costs what a dict written by hand costs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from . import stock
from .codegen import (
    Load,
    Make,
    Row,
    compile_source,
    display_maker,
    file_maker,
    instance_maker,
    one_model,
)
from .paths import Tree
from .plan import Call, Entry, Many, One, RowsPlan, ShapePlan, Value
from .writer import Writer

Dicts = Callable[[list[Row]], list[dict[str, Any]]]


def dicts_maker(
    model: type[Model],
    plan: RowsPlan,
    tree: Tree,
    db: str,
    load: Callable[[type[Model], Many], Load],
) -> Dicts:
    """``function(rows)``: a dict of ``tree`` for each row of the plan, fetched from ``db``.

    ``load(model, many)`` gives the function that runs the query of a Many, as for ``Binder``.
    """
    writer = _RowsWriter(db, load)
    top = _Level("row", "rows", None)
    written = writer.write(model, plan.shape, tree, top) if tree else "{}"
    lines = [*writer.lines, f"return [{written} for row in rows]"]
    code = "def dicts(rows):\n" + "".join(f"    {line}\n" for line in lines)
    made: Dicts = compile_source(code, "dicts", writer.names)
    return made


class _Level:
    """A row in the source: its variable, the expression of all such rows, and its instance."""

    def __init__(self, row: str, rows: str, reach: Make | None) -> None:
        self.row, self.rows, self.reach = row, rows, reach


class _RowsWriter:
    """Writes one expression an object; ``lines`` come before it, ``names`` are what it calls."""

    def __init__(self, db: str, load: Callable[[type[Model], Many], Load]) -> None:
        self.db, self.load = db, load
        self.lines: list[str] = []
        self.names: dict[str, Any] = {}
        self.instances = Writer()

    def write(self, model: type[Model], shape: ShapePlan, tree: Tree, level: _Level) -> str:
        make = instance_maker(model, shape, self.db, level.reach)
        if not tree:
            return f"str({self._name('make', make)}({level.row}))"
        entries = {entry.name: entry for entry in shape.entries}
        code = any(name not in entries for name in tree)
        items = [
            f"{name!r}: {self._read(model, entries.get(name), name, below, level, make)}"
            for name, below in tree.items()
        ]
        written = "{" + ", ".join(items) + "}"
        return self._with_instance(written, make, level) if code else written

    def _with_instance(self, written: str, make: Make, level: _Level) -> str:
        """A call of a function that has the instance as ``made``."""
        name = f"object{len(self.lines)}"
        called = f"made = {self._name('make', make)}({level.row})"
        self.lines += [f"def {name}({level.row}):", f"    {called}", f"    return {written}"]
        return f"{name}({level.row})"

    def _name(self, kind: str, function: Any) -> str:
        name = f"{kind}{len(self.names)}"
        self.names[name] = function
        return name

    def _read(
        self,
        model: type[Model],
        entry: Entry | None,
        name: str,
        below: Tree,
        level: _Level,
        make: Make,
    ) -> str:
        match entry:
            case Value(_, index):
                return self.instances.within(f"{level.row}[{index}]", below)
            case Call():
                return self._call(model, entry, below, level)
            case One():
                return self._one(model, entry, below, level, make)
            case Many():
                return self._many(model, entry, below, level)
        return self.instances.attribute(model, "made", name, below)

    def _call(self, model: type[Model], entry: Call, below: Tree, level: _Level) -> str:
        field: Any = model._meta.get_field(entry.field)
        if entry.maker == "display":
            return f"{self._name('label', display_maker(field))}({level.row}[{entry.index}])"
        file = self._name("file", file_maker(field))
        return self.instances.file(f"{file}({level.row}[{entry.index}])", below)

    def _one(self, model: type[Model], entry: One, below: Tree, level: _Level, make: Make) -> str:
        name = entry.name
        reached = _Level(level.row, level.rows, lambda row: getattr(make(row), name))
        written = self.write(one_model(model, entry), entry.shape, below, reached)
        return f"None if {level.row}[{entry.key}] is None else {written}"

    def _many(self, model: type[Model], entry: Many, below: Tree, level: _Level) -> str:
        target = stock.many_model(model, entry.name)
        load = self._name("load", self.load(target, entry))
        groups, row = f"groups{len(self.names)}", f"row{len(self.names)}"
        self.lines.append(f"{groups} = {load}({level.rows})")
        rows = f"[one for group in {groups}.values() for one in group]"
        written = self.write(target, entry.rows.shape, below, _Level(row, rows, None))
        return f"[{written} for {row} in {groups}.get({level.row}[{entry.key}], ())]"
