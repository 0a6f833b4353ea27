"""What ``DJUST_CONFIG`` asks of every render: whether queries are guarded, and variables strict.

What a yes leads to is in ``guards`` and ``strict``; a render that heard no does not ask again until
the setting changes.
"""

from contextvars import ContextVar

from django.conf import settings

from . import conf

#: Whether renders must ask `begins_guarded()`, and `is_strict()`.
asks_guarded = True
asks_strict = True

#: Set where a guarded render goes on.
inside_guard: ContextVar[bool] = ContextVar("djust_guarded", default=False)


def begins_guarded() -> bool:
    """Whether a render that starts now is an outermost one, and must be guarded."""
    global asks_guarded
    if inside_guard.get() or not settings.configured:
        return False
    asks_guarded = conf.get_config().guards_queries
    return asks_guarded


def is_strict() -> bool:
    """Whether undefined variables are to be told."""
    global asks_strict
    asks_strict = bool(settings.configured and conf.get_config().STRICT_VARIABLES)
    return asks_strict


@conf.on_change
def _ask_again() -> None:
    global asks_guarded, asks_strict
    asks_guarded = asks_strict = True
