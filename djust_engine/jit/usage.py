"""What a template reads of one variable, as Rust reports it; the optimizer takes it next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

PRINTED, TESTED, ITERATED, LENGTH, COMPARED, ESCAPES = 1, 2, 4, 8, 16, 32
#: Set here, never by the renderer: code of another model reads the object.
CALLED = 64

#: Names that pass the elements of a QuerySet on: ``comments.all`` reads what ``comments`` holds.
ELEMENTS = "all"


@dataclass(frozen=True, slots=True)
class Usage:
    """One node of the usage tree: how a value is used, what is read of it and of its elements."""

    marks: int = 0
    children: Mapping[str, Usage] = field(default_factory=dict)
    item: Usage | None = None

    @classmethod
    def read(cls, tree: Mapping[str, Any]) -> Usage:
        """The usage in ``{"marks": int, "children": {name: tree}, "item": tree | None}``."""
        item = tree.get("item")
        return cls(
            tree.get("marks", 0),
            {name: cls.read(child) for name, child in tree.get("children", {}).items()},
            None if item is None else cls.read(item),
        )

    @classmethod
    def of_paths(cls, paths: Iterable[str]) -> Usage:
        """The usage of an object of which dotted ``paths`` are printed."""
        usage = cls()
        for path in paths:
            usage = usage.union(cls._of_path(path.split(".")))
        return usage

    @classmethod
    def _of_path(cls, names: list[str]) -> Usage:
        usage = cls(PRINTED)
        for name in reversed(names):
            usage = cls(0, {name: usage})
        return usage

    def union(self, other: Usage) -> Usage:
        """Everything that either of the two reads."""
        if other is self:
            return self
        children = dict(self.children)
        for name, child in other.children.items():
            mine = children.get(name)
            children[name] = child if mine is None else mine.union(child)
        return Usage(self.marks | other.marks, children, _union(self.item, other.item))

    def covers(self, other: Usage) -> bool:
        """Whether whoever fetched for this usage has fetched for the other."""
        return self is other or self.union(other) == self

    def paths(self, prefix: str = "") -> list[str]:
        """The dotted paths that end somewhere, elements read as if by their own names."""
        found = [prefix] if prefix and not self.children and self.item is None else []
        for name, child in sorted(self.children.items()):
            found += child.paths(f"{prefix}.{name}" if prefix else name)
        if self.item is not None:
            found += self.item.paths(prefix)
        return found

    def key(self) -> str:
        """A text that is equal for equal usages, and for no others."""
        if not self.children and self.item is None:
            return str(self.marks)
        children = sorted(self.children.items())
        inside = ",".join([f"{name!r}:{child.key()}" for name, child in children])
        return f"{self.marks}{{{inside}}}[{'' if self.item is None else self.item.key()}]"


NOTHING = Usage()


def _union(first: Usage | None, second: Usage | None) -> Usage | None:
    if first is None or second is None:
        return first or second
    return first.union(second)
