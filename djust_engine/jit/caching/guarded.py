"""A store that costs a page little, whatever becomes of it.

Each call is waited for within a timeout, and all calls of a thread within a second together.
After failures the store is left alone, and asked again in the background until it answers.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from contextvars import copy_context
from threading import Lock, local
from time import monotonic
from typing import Any

from ...decisions import Decision, emit, wanted
from .runner import Job, Runner
from .store import MOST_BYTES, Store, StoreError

logger = logging.getLogger("djust.jit")

#: So many errors in a row, or one call without an answer in time, and the store is left alone.
_MOST_ERRORS = 3
_SHORTEST, _LONGEST = 2.0, 30.0
_WINDOW = 1.0
_SECONDS_BETWEEN_LINES = 60.0
_PROBE = "probe"


class Breaker:
    """Whether one way of using a store (reading, writing) is left alone for a while."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._errors = 0
        self._pause = _SHORTEST
        self._until: float | None = None
        self._is_asked = False

    @property
    def is_open(self) -> bool:
        return self._until is not None

    def is_due(self) -> bool:
        """Whether it is time to ask again; true for one caller, then not for a while."""
        with self._lock:
            if self._until is None or self._clock() < self._until:
                return False
            self._until = self._clock() + self._pause
            self._is_asked = True
            return True

    def succeed(self) -> bool:
        """True where it did not before."""
        with self._lock:
            was_open, self._until, self._is_asked = self.is_open, None, False
            self._errors, self._pause = 0, _SHORTEST
            return was_open

    def fail(self, at_once: bool = False) -> None:
        """The pause grows by what was asked after it, not by calls that were under way before."""
        with self._lock:
            self._errors += 1
            if self.is_open and not self._is_asked:
                return
            if self._is_asked:
                self._pause = min(2 * self._pause, _LONGEST)
            if self.is_open or at_once or self._errors >= _MOST_ERRORS:
                self._until = self._clock() + self._pause
            self._is_asked = False


class Guarded:
    """The calls of a store, bounded; ``setting`` names what chose it, for whoever reads the log."""

    def __init__(
        self,
        store: Store,
        timeout: float = 0.1,
        threads: int = 4,
        setting: str = "",
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.store = store
        self.timeout = timeout
        self.setting = setting
        self.counts: Counter[str] = Counter(errors=0, skipped=0)
        self._clock = clock
        self._runner = Runner(threads)
        self._reads, self._writes = Breaker(clock), Breaker(clock)
        self._waited = local()
        self._lock = Lock()
        self._last_line = -_SECONDS_BETWEEN_LINES
        self._silent = 0

    def get(self, key: str) -> bytes | None:
        """The text; None where there is none, or none within the timeout."""
        if self._is_left_alone(self._reads, lambda: self.store.get(_PROBE)):
            return None
        if self._left() <= 0:
            self.count("skipped")
            return None
        text: bytes | None = self._ask(self._reads, lambda: self.store.get(key), None)
        return text

    def set(self, key: str, text: bytes) -> None:
        """Written when this returns, or in the background after the timeout."""
        if len(text) <= MOST_BYTES:
            self._write(lambda: self.store.set(key, text))

    def add(self, key: str, seconds: float) -> bool:
        """Whether the key was claimed here; True, too, where nobody can say."""
        claimed: bool = self._write(lambda: self.store.add(key, seconds), True)
        return claimed

    def delete(self, key: str) -> None:
        self._write(lambda: self.store.delete(key))

    def clear(self) -> None:
        self._write(lambda: self.store.clear())

    def rest(self, seconds: float) -> None:
        """Have no thread any more, as before a fork; the next call starts one."""
        self._runner.rest(seconds)

    def _write(self, action: Callable[[], Any], otherwise: Any = None) -> Any:
        if self._is_left_alone(self._writes, lambda: self.store.set(_PROBE, b"")):
            return otherwise
        return self._ask(self._writes, action, otherwise, is_due=True)

    def _is_left_alone(self, breaker: Breaker, probe: Callable[[], Any]) -> bool:
        """Whether to go on without the store; now and then it is asked in the background."""
        if not breaker.is_open:
            return False
        self.count("skipped")
        if breaker.is_due():
            self._start(breaker, probe, is_due=True)
        return True

    def _ask(
        self, breaker: Breaker, action: Callable[[], Any], otherwise: Any, is_due: bool = False
    ) -> Any:
        """What the action gives in time; a failure is counted, told, and answered otherwise."""
        started, left = self._clock(), self._left()
        job = self._start(breaker, action, is_due)
        if job is None or left <= 0:
            return otherwise
        try:
            return job.wait(left)
        except StoreError:
            return otherwise  # told where it was raised
        except TimeoutError as error:
            if left >= self.timeout:
                self._fail(breaker, str(error), at_once=True)
            return otherwise
        finally:
            self._waited.seconds += self._clock() - started

    def _left(self) -> float:
        """How long this thread may still wait within the second that began with its first call."""
        waited, now = self._waited, self._clock()
        if now - getattr(waited, "since", -_WINDOW) >= _WINDOW:
            waited.since, waited.seconds = now, 0.0
        left: float = self.timeout - waited.seconds
        return left

    def _start(
        self, breaker: Breaker, action: Callable[[], Any], is_due: bool = False
    ) -> Job | None:
        """The job; None where it could not be started."""
        context = copy_context()  # for who listens: decisions belong to the caller

        def run(job: Job) -> Any:
            started = self._clock()
            try:
                answer = action()
            except StoreError as error:
                if not job.given_up:
                    context.run(self._fail, breaker, str(error))
                raise
            if not job.given_up:
                context.run(self._judge, breaker, self._clock() - started)
            return answer

        try:
            return self._runner.start(run, is_due)
        except StoreError as error:
            self._fail(breaker, str(error))
            return None

    def _judge(self, breaker: Breaker, seconds: float) -> None:
        """An answer that comes too late is none for the next caller."""
        if seconds > self.timeout:
            self._fail(breaker, f"an answer took {seconds:.3f} seconds", at_once=True)
        elif breaker.succeed():
            self._tell("recovered", f"{self._named()} answers again")

    def _fail(self, breaker: Breaker, reason: str, at_once: bool = False) -> None:
        breaker.fail(at_once)
        self.count("errors")
        self.complain(reason)

    def complain(self, reason: str, mode: str = "error", why: str = "") -> None:
        """A decision each time, and a line of the log once a minute."""
        self._tell(mode, f"{self._named()}: {reason}", why)
        with self._lock:
            now = self._clock()
            if now - self._last_line < _SECONDS_BETWEEN_LINES:
                self._silent += 1
                return
            self._last_line, silent, self._silent = now, self._silent, 0
        before = f" ({silent} times more since the last line)" if silent else ""
        logger.warning(
            "The plan cache %s%s: %s. Pages are served with plans of this process.%s",
            *(self._named(), f" of {self.setting}" if self.setting else "", reason, before),
        )

    def count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1

    def _named(self) -> str:
        return type(self.store).__name__

    def _tell(self, mode: str, reason: str, why: str = "") -> None:
        if wanted():
            detail = {"why": why} if why else {}
            emit(Decision("cache", "", mode=mode, reason=reason, detail=detail))
