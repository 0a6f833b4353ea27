"""The frame that a native render has on Python's stack in debug mode, and where it is watched.

Tools that show which template ran a query (django-debug-toolbar) go up the stack to a frame named
`render` whose `self` is a node, and ask it for its token and origin. `find_running` does so for the
engine's own readers.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from time import perf_counter
from types import FrameType
from typing import Any, NamedTuple

from django.template.base import Node, Token, TokenType
from django.template.context import Context
from django.utils.safestring import SafeString

from djust_engine import _native

#: Told by the renders of this thread or task what their nodes cost; see `djust_engine.profile`.
current_profile: ContextVar["_native.Profile | None"] = ContextVar("djust_profile", default=None)


class RunningNode(Node):
    """Stands for whichever node of a program is being rendered."""

    def __init__(self, program: "_native.Program", body: int | None) -> None:
        self.program = program
        self.body = body
        self.place = _native.RunningPlace(current_profile.get())

    def render(self, context: Context) -> SafeString:
        return self.program.render(context, self.body, self.place)

    @property
    def token(self) -> Token | None:  # type: ignore[override]
        found = self.place.token()
        if found is None:
            return None
        _, source, start, end, line = found
        return Token(TokenType.BLOCK, source[start:end], (start, end), line)

    @property
    def origin(self) -> Any:  # type: ignore[override]
        found = self.place.token()
        return None if found is None else found[0]


def render_observed(program: "_native.Program", context: Context, body: int | None) -> SafeString:
    """Render a body of a program from the frame of a node."""
    return RunningNode(program, body).render(context)


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


class Clock:
    """Whoever is told the seconds of an outermost render."""

    def rendered(self, seconds: float) -> None:
        """An outermost render has ended."""


#: How many scopes there are in which renders have the frame outside debug mode, too.
watchers = 0
_clocks: ContextVar[tuple[Clock, ...]] = ContextVar("djust_clocks", default=())
_depth: ContextVar[int] = ContextVar("djust_render_depth", default=0)
_lock = Lock()


@contextmanager
def watched(clock: Clock | None = None) -> Iterator[None]:
    """Renders of this thread or task, and of no other, tell meanwhile which node runs."""
    token = _clocks.set((*_clocks.get(), clock or Clock()))
    _count(1)
    try:
        yield
    finally:
        _count(-1)
        _clocks.reset(token)


def _count(change: int) -> None:
    global watchers
    with _lock:
        watchers += change


def is_watched() -> bool:
    """Whether a scope of `watched()` is open here."""
    return bool(_clocks.get())


def timed(render: Callable[[Any], SafeString], context: Any) -> tuple[SafeString, float, int]:
    """What `render(context)` gives, its seconds, and how many renders there are around it."""
    depth = _depth.get()
    token, started = _depth.set(depth + 1), perf_counter()
    try:
        text = render(context)
    finally:
        _depth.reset(token)
        seconds = perf_counter() - started
        for clock in () if depth else _clocks.get():
            clock.rendered(seconds)
    return text, seconds, depth


def find_running() -> Running:
    """The node that the caller's code runs for: a native one, or one of Django's."""
    if not _depth.get():
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
            planned = name != _ASKED and (planned or name != _PASSING)
        frame = frame.f_back
    return Running(None, planned)


_NOTHING = Running(None, False)
_PIPELINE = ("djust_engine.jit", "djust_engine.jit.peers", "djust_engine.jit.sql")
#: It stands in the way of QuerySets that others made, and runs nothing of its own.
_PASSING = "djust_engine.jit.peers.tracked"
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
