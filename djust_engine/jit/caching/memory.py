"""What this process keeps: bounded by entries and by bytes, and read without a lock.

A read looks into a dict and notes the key; notes count in the order of use (an LRU of cachetools)
when the next value is kept, or when there are many.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import Any, NamedTuple

from cachetools import LRUCache

_MOST_NOTES = 1024
#: What a dict and the LRU spend on an entry beside its key and value.
_OVERHEAD = 400


class MemoryStats(NamedTuple):
    """Counted since the process began; ``entries`` and ``bytes`` are those of now."""

    hits: int
    misses: int
    evictions: int
    entries: int
    bytes: int


class Memory:
    """Values by key, those used last; the bytes are an estimate of what they take in memory."""

    def __init__(self, most_entries: int, most_bytes: int) -> None:
        self.most_entries = most_entries
        self.most_bytes = most_bytes
        self._found: dict[str, Any] = {}
        self._order: LRUCache[str, int] = LRUCache(most_bytes, getsizeof=int)
        self._lock = Lock()
        self._used: deque[str] = deque()
        self._missed: deque[str] = deque()
        self._hits = self._misses = self._evictions = 0

    def get(self, key: str) -> Any:
        """The value, or None. No lock is waited for."""
        found = self._found.get(key)
        notes = self._missed if found is None else self._used
        notes.append(key)
        if len(notes) > _MOST_NOTES and self._lock.acquire(blocking=False):
            try:
                self._count()
            finally:
                self._lock.release()
        return found

    def set(self, key: str, value: Any) -> None:
        """Keep the value, and forget what was not used for longest; one that is too big is not."""
        size = size_of(value) + sys.getsizeof(key) + _OVERHEAD
        with self._lock:
            self._count()
            self._drop(key)
            if size > self.most_bytes or self.most_entries < 1:
                self._evictions += 1
                return
            while self._is_full(size):
                oldest, _ = self._order.popitem()
                self._found.pop(oldest, None)
                self._evictions += 1
            self._order[key] = size
            self._found[key] = value

    def pop(self, key: str) -> None:
        with self._lock:
            self._drop(key)

    def clear(self) -> None:
        with self._lock:
            self._found.clear()
            self._order.clear()

    def stats(self) -> MemoryStats:
        with self._lock:
            self._count()
            size = int(self._order.currsize)
            return MemoryStats(self._hits, self._misses, self._evictions, len(self._found), size)

    def __len__(self) -> int:
        return len(self._found)

    def _is_full(self, size: int) -> bool:
        order = self._order
        return len(order) >= self.most_entries or order.currsize + size > self.most_bytes

    def _drop(self, key: str) -> None:
        self._found.pop(key, None)
        self._order.pop(key, None)

    def _count(self) -> None:
        """Take the notes: who reads meanwhile adds at the other end."""
        for _ in range(len(self._missed)):
            self._missed.popleft()
            self._misses += 1
        for _ in range(len(self._used)):
            key = self._used.popleft()
            self._hits += 1
            self._order.get(key)


def size_of(value: Any) -> int:
    """About how many bytes a plan, or a function with its source, takes in memory."""
    if callable(value):
        return 2000 + 8 * len(getattr(value, "__djust_source__", ""))
    return sum(map(sys.getsizeof, _parts(value)))


def _parts(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, tuple):
        inner: list[Any] = list(value)
    elif is_dataclass(value):
        inner = [getattr(value, one.name) for one in fields(value)]
    else:
        return
    for one in inner:
        yield from _parts(one)
