"""What code of a site's rows fetched late is joined to its query from then on, while it is read.

A join never costs a query, and what was joined so is handed out only where it is read. Related
managers are not learned: one that nobody asks for would be a query too many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from django.db.models.constants import LOOKUP_SEP

from .. import stock
from .links import links_of

#: After how many pages on which nobody read it a relation is forgotten.
_MOST_IDLE = 8
_MOST_LEVELS = 3

#: Told when something is ``learned`` or ``forgotten``: which of the two, the paths, all joins.
Told = Callable[[str, tuple[str, ...], tuple[str, ...]], None]


class Learned:
    """The joins that one plan has learned, and for how many pages each was not read."""

    __slots__ = ("_idle", "_model", "_tell", "joins")

    def __init__(self, model: type[Model], joins: Iterable[str], tell: Told) -> None:
        self._model = model
        self._tell = tell
        self.joins = tuple(path for path in joins if may_join(model, path))
        self._idle: dict[str, int] = {}

    def finish(self, lesson: Lesson) -> None:
        """Learn and forget by what one page did."""
        self._learn(tuple(sorted(lesson.late - set(self.joins))))
        for path in self.joins:
            read = path in lesson.used or path in lesson.late
            self._idle[path] = 0 if read else self._idle.get(path, 0) + 1
        self._forget([path for path in self.joins if self._idle[path] >= _MOST_IDLE])

    def _learn(self, late: tuple[str, ...]) -> None:
        new = tuple(path for path in late if may_join(self._model, path))
        if new:
            self.joins += new
            self._tell("learned", new, self.joins)

    def _forget(self, idle: list[str]) -> None:
        gone = tuple(path for path in self.joins if _is_at_or_below(path, idle))
        if gone:
            self.joins = tuple(path for path in self.joins if path not in gone)
            self._tell("forgotten", gone, self.joins)


class Lesson:
    """What one page tells: relations that were fetched late, and joined ones that were read."""

    __slots__ = ("_learned", "joins", "late", "used")

    def __init__(self, learned: Learned) -> None:
        self._learned = learned
        self.joins = learned.joins
        self.late: set[str] = set()
        self.used: set[str] = set()

    def finish(self) -> None:
        self._learned.finish(self)


def may_join(model: type[Model], path: str) -> bool:
    """Whether a learned path can be joined, and handed out as Django would."""
    names, current = path.split(LOOKUP_SEP), model
    if len(names) > _MOST_LEVELS:
        return False
    for name in names:
        target = stock.joined(current, name)
        if target is None or name not in links_of(current) or not _is_query_name(current, name):
            return False
        current = target
    return True


def _is_query_name(model: type[Model], name: str) -> bool:
    """Whether ``select_related()`` knows the relation by the name of its attribute."""
    _, subject = stock.classify(model, name)
    field: Any = getattr(subject, "field", None)
    return field is None or field.related_query_name() == name


def _is_at_or_below(path: str, others: Iterable[str]) -> bool:
    return any(path == one or path.startswith(f"{one}{LOOKUP_SEP}") for one in others)
