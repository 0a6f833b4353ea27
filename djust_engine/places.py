"""Where a render is: the node that runs, as the readers of the engine find it on Python's stack."""

import sys
from types import FrameType
from typing import Any, NamedTuple

from django.template.base import Node, Token, TokenType

from .running import RunningNode, is_rendering


class Place(NamedTuple):
    """A node of a template: the name of the template, the line, and the node's text."""

    template: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.template}:{self.line} {self.text}"


class Running(NamedTuple):
    """What was found on the stack: the innermost node, and whether the engine runs its own plan."""

    place: Place | None
    planned: bool


def find_running() -> Running:
    """The node that the caller's code runs for: a native one, or one of Django's."""
    if not is_rendering():
        return _NOTHING
    frame: FrameType | None = sys._getframe(1)
    planned = False
    while frame is not None:
        code = frame.f_code
        if code is _NATIVE or code is _DJANGO:
            place = _place_of(frame.f_locals["self"])
            if place is not None:
                return Running(place, planned)
        elif frame.f_globals.get("__package__") in _PIPELINE:
            name = frame.f_globals["__name__"]
            planned = name != _ASKED and (planned or name not in _PASSING)
        frame = frame.f_back
    return Running(None, planned)


_NOTHING = Running(None, False)
_PIPELINE = ("djust_engine.jit", "djust_engine.jit.peers", "djust_engine.jit.sql")
#: They stand in the way of what others ask, and run nothing of their own.
_PASSING = frozenset(("djust_engine.jit.peers.tracked", "djust_engine.jit.peers.writes"))
#: What it runs there is what the template asked for by name, as with Django.
_ASKED = "djust_engine.jit.sql.asked"
_NATIVE = RunningNode.render.__code__
_DJANGO = Node.render_annotated.__code__


def _place_of(node: Any) -> Place | None:
    if type(node) is not RunningNode:
        token, origin = getattr(node, "token", None), getattr(node, "origin", None)
        return None if token is None else Place(name_of(origin), token.lineno or 0, _text(token))
    told = node.place.told()
    if told is None:
        return None
    origin, line, text = told
    return Place(name_of(origin), line, text)


def name_of(origin: Any) -> str:
    """The name that a template was asked for by; that of its origin where nobody asked."""
    return str(getattr(origin, "template_name", None) or getattr(origin, "name", ""))


def _text(token: Token) -> str:
    start, end = _DELIMITERS.get(token.token_type, ("", ""))
    return f"{start}{token.contents}{end}"


_DELIMITERS = {TokenType.VAR: ("{{ ", " }}"), TokenType.BLOCK: ("{% ", " %}")}
