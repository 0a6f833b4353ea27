"""What happens during a request: decisions and queries in their order, and what each node cost."""

from __future__ import annotations

from contextlib import ExitStack

from djust_engine import _native
from djust_engine.decisions import Decision, collect
from djust_engine.profile import profiled
from djust_engine.queries import Query, Watcher, watching


class Recorder(Watcher):
    """Listens from `start()` to `stop()`, in the thread or task that called them.

    ``events`` holds each Decision, and each Query when it has ended; ``profile`` what nodes cost.
    """

    def __init__(self) -> None:
        self.events: list[Decision | Query] = []
        self.profile = _native.Profile()
        self._scopes = ExitStack()

    def begin(self) -> None:
        """Listen from now on; once more is no more."""
        self.finish()
        self._scopes.enter_context(collect(self.events))
        self._scopes.enter_context(watching(self))
        self._scopes.enter_context(profiled(self.profile))

    def finish(self) -> None:
        """Listen no more."""
        self._scopes.close()

    def end(self, query: Query) -> None:
        self.profile.query(query.seconds)
        self.events.append(query)
