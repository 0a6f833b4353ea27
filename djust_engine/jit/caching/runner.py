"""Threads of our own that ask a store, so that whoever wants to know can give up waiting."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Any

from django.db import Error, connections

from .store import StoreError

_MOST_PENDING = 256
#: After so many seconds without work a thread ends.
_IDLE = 2.0


class Job:
    """One call: ``wait`` gives what it returned, or raises what it raised.

    A call that was ``given_up`` before it began is not begun, unless it must be (``is_due``).
    """

    __slots__ = ("_done", "_error", "_function", "_result", "given_up", "is_due")

    def __init__(self, function: Callable[[Job], Any], is_due: bool) -> None:
        self._function = function
        self._done = Lock()
        self._done.acquire()
        self._result: Any = None
        self._error: BaseException | None = None
        self.given_up = False
        self.is_due = is_due

    def run(self) -> None:
        try:
            if self.is_due or not self.given_up:
                self._result = self._function(self)
        except BaseException as error:  # it is raised where somebody waits for it
            self._error = error
        finally:
            self._done.release()

    def wait(self, seconds: float) -> Any:
        """TimeoutError when it takes longer; a call that has begun goes on."""
        if not self._done.acquire(timeout=max(seconds, 0)):
            self.given_up = True
            raise TimeoutError(f"no answer within {seconds:.3f} seconds")
        if self._error is not None:
            raise self._error
        return self._result


class Runner:
    """Runs jobs in at most ``most`` threads, which are started when there is something to do."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._reset()
        _runners.add(self)

    def _reset(self) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._lock = Lock()
        self._alive: weakref.WeakSet[Thread] = weakref.WeakSet()
        self._threads = self._pending = 0

    def start(self, function: Callable[[Job], Any], is_due: bool = False) -> Job:
        """StoreError where too many jobs wait, or no thread can be started."""
        job = Job(function, is_due)
        with self._lock:
            if self._pending >= _MOST_PENDING:
                raise StoreError(f"{self._pending} calls wait for an answer")
            if self._pending >= self._threads and self._threads < self._most:
                self._start_thread()
            self._pending += 1
        self._jobs.put(job)
        return job

    def rest(self, seconds: float) -> None:
        """Let the threads end, as soon as they have done what waits; new jobs start new ones."""
        alive, end = list(self._alive), monotonic() + seconds
        for _ in alive:
            self._jobs.put(None)
        for thread in alive:
            thread.join(max(0.0, end - monotonic()))

    def _start_thread(self) -> None:
        thread = Thread(target=self._work, args=(self._jobs,), name="djust-cache", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # no more threads, or the interpreter is about to end
            raise StoreError(str(error)) from error
        self._alive.add(thread)
        self._threads += 1

    def _work(self, jobs: SimpleQueue[Job | None]) -> None:
        while True:
            job = self._next(jobs)
            if job is None:
                if self._may_end(jobs):
                    return
                continue
            job.run()
            del job
            with suppress(Error):  # what cannot be closed is gone already
                connections.close_all()  # those of this thread: a store may lie in a database
            with self._lock:
                self._pending -= 1

    @staticmethod
    def _next(jobs: SimpleQueue[Job | None]) -> Job | None:
        try:
            return jobs.get(timeout=_IDLE)
        except Empty:
            return None

    def _may_end(self, jobs: SimpleQueue[Job | None]) -> bool:
        with self._lock:
            if not jobs.empty():
                return False
            self._threads -= 1
            return True


_runners: weakref.WeakSet[Runner] = weakref.WeakSet()


def _after_fork() -> None:
    """The threads are those of the parent."""
    for runner in _runners:
        runner._reset()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
