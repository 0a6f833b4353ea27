"""What each node of the templates cost: how often it ran, how long, and with which queries.

Recorded by the engine inside of `profiled()`, and nowhere else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from djust_engine import _native
from djust_engine.places import name_of
from djust_engine.running import current_profile, watched


class Entry(NamedTuple):
    """A node as it was reached in one way; the same node in another loop or include is another.

    `around` is the index of the entry that it was rendered in, None at the top of a template that
    a view rendered. `seconds` and `query_seconds` are sums over all `calls`; `queries` are those
    that ran while no node inside of it did.
    """

    around: int | None
    template: str
    line: int
    text: str
    calls: int
    seconds: float
    queries: int
    query_seconds: float
    avoided: int


@contextmanager
def profiled(profile: _native.Profile | None = None) -> Iterator[_native.Profile]:
    """Have the renders of this thread or task recorded meanwhile; see `entries()`."""
    profile = profile or _native.Profile()
    token = current_profile.set(profile)
    try:
        with watched():
            yield profile
    finally:
        current_profile.reset(token)


def entries(profile: _native.Profile) -> list[Entry]:
    """Each node that ran, in the order in which it was first entered."""
    return [
        Entry(around, name_of(origin), line, text, *ran, *asked, avoided)
        for (around, origin, line, text), ran, asked, avoided in profile.entries()
    ]
