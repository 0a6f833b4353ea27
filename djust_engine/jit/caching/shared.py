"""What lies outside the process, as the cache asks for it: a bundle, a store, or both."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from time import monotonic, sleep

from ...decisions import Decision, emit, wanted
from ..optimizer import Asked
from . import entries
from .bundles import Bundle
from .entries import Cached, Rejected
from .guarded import Guarded
from .store import Store

#: For how long a process that said so is believed to be making a plan, in seconds.
_CLAIM = 1.0
#: How long another process is waited for, at most; and between one look for its plan and the next.
_LONGEST_WAIT = 0.05
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.0005, 0.004


class Shared:
    """Entries by key; ``counts`` says what became of them.

    ``threads`` may ask the store at a time, and ``setting`` is what of DJUST_CONFIG chose it.
    """

    def __init__(
        self,
        store: Store | None,
        bundle: str = "",
        timeout: float = 0.1,
        threads: int = 4,
        setting: str = "",
        signed: bool = False,
    ) -> None:
        self.signed = signed
        self.store = None if store is None else Guarded(store, timeout, threads, setting)
        self.bundle = Bundle(bundle, timeout) if bundle else None
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def read(self, key: str, asked: Asked | None) -> Cached | None:
        """From the bundle, else from the store; what is not taken is counted and told."""
        for place in (self.bundle, self.store):
            text = None if place is None else place.get(key)
            if place is None or text is None:
                continue
            try:
                found = entries.decode(text, key, self.signed, asked)
            except Rejected as rejected:
                self._reject(place, rejected)
            else:
                self._count("stored")
                return found
        return None

    def read_or_claim(self, key: str, asked: Asked, patience: float) -> Cached | None:
        """As ``read``; where another process is making the plan, it is waited for so long.

        None: the plan is to be made here.
        """
        found = self.read(key, asked)
        if found is not None or self.store is None or self.store.add(key, _CLAIM):
            return found
        end, pause = monotonic() + min(patience, _LONGEST_WAIT), _SHORTEST_PAUSE
        while found is None and monotonic() < end:
            sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            found = self.read(key, asked)
        return found

    def write(self, key: str, value: Cached) -> None:
        """Into the store, unless it is a function that was not generated here."""
        text = None if self.store is None else entries.encode(key, value, self.signed)
        if self.store is not None and text is not None:
            self.store.set(key, text)

    def delete(self, key: str) -> None:
        if self.store is not None:
            self.store.delete(key)

    def clear(self) -> None:
        if self.store is not None:
            self.store.clear()

    def settle(self, seconds: float) -> None:
        """Wait until what was started in the background has ended: the process may then fork."""
        if self.bundle is not None:
            self.bundle.wait(seconds)
        if self.store is not None:
            self.store.rest(seconds)

    def counts(self) -> Counter[str]:
        """So far: "stored" (given), "rejected"; of the store "errors" and "skipped"."""
        with self._lock:
            found = Counter(self._counts)
        return found if self.store is None else found + self.store.counts

    def _reject(self, place: Guarded | Bundle, rejected: Rejected) -> None:
        self._count("rejected")
        if isinstance(place, Guarded):
            place.complain(f"an entry was not taken: {rejected}", "rejected", rejected.reason)
        elif wanted():
            told = {"why": rejected.reason}
            emit(Decision("cache", "", mode="rejected", reason=f"Bundle: {rejected}", detail=told))

    def _count(self, what: str) -> None:
        with self._lock:
            self._counts[what] += 1
