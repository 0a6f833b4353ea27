"""The frame that a native render has on Python's stack in debug mode, and where it is watched.

Tools that show which template ran a query (django-debug-toolbar) go up the stack to a frame named
`render` whose `self` is a node, and ask it for its token and origin. `places.find_running` does so
for the engine's own readers.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from time import perf_counter
from typing import Any

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


def is_rendering() -> bool:
    """Whether a render that is watched goes on here."""
    return bool(_depth.get())
