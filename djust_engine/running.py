"""The frame that a native render has on Python's stack in debug mode.

Tools that show which template ran a query (django-debug-toolbar) go up the stack to a frame named
`render` whose `self` is a node, and ask it for its token and origin.
"""

from contextvars import ContextVar
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
