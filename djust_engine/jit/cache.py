"""Plans and serializers by key: those used last in memory, and behind it an optional shared store.

A store and a bundle hold data, never code: a plan as versioned JSON, a serializer as the paths
that it is generated from again. What cannot be read, does not match or is not signed is a miss.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from threading import Lock
from time import monotonic, perf_counter, sleep
from typing import NamedTuple

from .. import conf
from ..decisions import Decision, emit, wanted
from .caching import bundles, entries
from .caching.entries import Cached, Rejected
from .caching.guarded import Guarded
from .caching.memory import Memory
from .caching.plans import Asked
from .caching.stamps import model_stamp, surroundings
from .caching.store import Store
from .caching.stores import open_store
from .plan import InstancesPlan, Plan, RowsPlan, Untouched

#: What making a plan is believed to take before one was made here, in seconds; and at most.
_FIRST_GUESS, _LONGEST_WAIT = 0.005, 0.05
#: For how long a process that said so is believed to be making a plan.
_CLAIM_SECONDS = 1.0


class CacheStats(NamedTuple):
    """What became of what was asked for since the process began, and what is in memory now.

    ``hits`` are of the memory, ``stored`` of the bundle and the store, ``misses`` of all;
    ``rejected`` entries were there and not taken; ``errors`` are calls of the store that failed,
    and ``skipped`` those that were not made, because it failed before.
    """

    hits: int
    stored: int
    misses: int
    rejected: int
    evictions: int
    errors: int
    skipped: int
    entries: int
    bytes: int


class SerializerCache:
    """Keeps the plans and serializers used last; ``backend`` is where they lie beyond that."""

    def __init__(
        self,
        backend: str = "memory",
        cache_dir: str = conf.DEFAULTS["JIT_CACHE_DIR"],
        redis_url: str = conf.DEFAULTS["JIT_REDIS_URL"],
        maxsize: int = conf.DEFAULTS["JIT_CACHE_MAX_ENTRIES"],
        store: Store | None = None,
        max_bytes: int = conf.DEFAULTS["JIT_CACHE_MAX_BYTES"],
        timeout: float = conf.DEFAULTS["JIT_CACHE_TIMEOUT"],
        pool_size: int = conf.DEFAULTS["JIT_REDIS_POOL_SIZE"],
        signed: bool = False,
        bundle: str = "",
        setting: str = "",
    ) -> None:
        self.backend = backend
        self.store = store or open_store(backend, cache_dir, redis_url, pool_size, timeout)
        self.signed = signed
        self.bundle = bundles.Bundle(bundle, timeout) if bundle else None
        threads = pool_size if backend == "redis" else 4
        self._guarded = (
            None if self.store is None else Guarded(self.store, timeout, threads, setting)
        )
        self._memory = Memory(maxsize, max_bytes)
        self._counts: Counter[str] = Counter()
        self._lock = Lock()
        self._pace = _FIRST_GUESS

    def get_cache_key(self, template_content: str, variable_name: str, *more: str) -> str:
        """A digest of all the parts, in full, of the options of engines, and of the versions."""
        parts = (template_content, variable_name, *more, surroundings())
        return sha256(json.dumps(parts).encode()).hexdigest()

    def plan_key(self, asked: Asked, vendor: str) -> str:
        """The key of a plan: what is read, in full, of which QuerySet and of which models.

        What is read follows from all sources in the chain of templates, and is all of them that a
        plan depends on.
        """
        model = asked.model
        name = f"{model.__module__}.{model.__qualname__}"
        stamp = "" if self._guarded is None and self.bundle is None else model_stamp(model)
        return self.get_cache_key(asked.usage.key(), name, repr(asked.shape), vendor, stamp)

    def get(self, cache_key: str) -> Cached | None:
        """What was set under the key, from memory or from the store; None when there is nothing."""
        found: Cached | None = self._memory.get(cache_key)
        if found is None:
            found = self._read(cache_key, None)
            if callable(found):  # a plan was not asked for by what it is for
                self._memory.set(cache_key, found)
        return found

    def set(self, cache_key: str, value: Cached) -> None:
        """Keep a plan, or a function of ``compile_serializer``; other functions in memory only."""
        self._memory.set(cache_key, value)
        if self._guarded is not None:
            text = entries.encode(cache_key, value, self.signed)
            if text is not None:
                self._guarded.set(cache_key, text)

    def find_plan(self, key: str, asked: Asked, make: Callable[[], Plan]) -> tuple[Plan, bool]:
        """The plan under the key, or a new one; and whether it was there.

        Of processes that ask a store for the same at the same time one makes the plan, and the
        others wait for it, but no longer than making one takes.
        """
        found = self._memory.get(key)
        if found is None:
            found = self._read(key, asked)
            if found is None and self._guarded is not None:
                found = self._wait_for_another(self._guarded, key, asked)
            if found is not None:
                self._memory.set(key, found)
        if isinstance(found, RowsPlan | InstancesPlan | Untouched):
            return found, True
        started = perf_counter()
        plan = make()
        self._pace = (3 * self._pace + perf_counter() - started) / 4
        self.set(key, plan)
        return plan, False

    def _wait_for_another(self, store: Guarded, key: str, asked: Asked) -> Cached | None:
        if store.add(key, _CLAIM_SECONDS):
            return None
        end, pause = monotonic() + min(self._pace, _LONGEST_WAIT), 0.0005
        while monotonic() < end:
            sleep(pause)
            found = self._read(key, asked)
            if found is not None:
                return found
            pause *= 2
        return None

    def invalidate(self, cache_key: str | None = None) -> None:
        """Forget the key, in memory and in the store; without a key, everything."""
        if cache_key is None:
            self._memory.clear()
        else:
            self._memory.pop(cache_key)
        if self._guarded is not None:
            self._guarded.clear() if cache_key is None else self._guarded.delete(cache_key)

    def forget(self) -> None:
        """Empty the memory; what lies in the store stays."""
        self._memory.clear()

    def stats(self) -> CacheStats:
        memory = self._memory.stats()
        store = Counter[str]() if self._guarded is None else self._guarded.counts
        with self._lock:
            stored, rejected = self._counts["stored"], self._counts["rejected"]
        return CacheStats(
            hits=memory.hits,
            stored=stored,
            misses=memory.misses - stored,
            rejected=rejected,
            evictions=memory.evictions,
            errors=store["errors"],
            skipped=store["skipped"],
            entries=memory.entries,
            bytes=memory.bytes,
        )

    def items(self) -> list[tuple[str, Cached]]:
        """What is in memory now, by key."""
        return self._memory.items()

    def __len__(self) -> int:
        return len(self._memory)

    def _read(self, key: str, asked: Asked | None) -> Cached | None:
        """From the bundle, else from the store; what is not taken is counted and told."""
        for place in (self.bundle, self._guarded):
            text = None if place is None else place.get(key)
            if text is None:
                continue
            try:
                found = entries.decode(text, key, self.signed, asked)
            except Rejected as rejected:
                self._reject(place, rejected)
            else:
                self._count("stored")
                return found
        return None

    def _reject(self, place: Guarded | bundles.Bundle | None, rejected: Rejected) -> None:
        self._count("rejected")
        if isinstance(place, Guarded):
            place.complain(f"an entry was not taken: {rejected}", "rejected", rejected.reason)
        elif wanted():
            detail = {"why": rejected.reason}
            emit(
                Decision("cache", "", mode="rejected", reason=f"bundle: {rejected}", detail=detail)
            )

    def _count(self, what: str) -> None:
        with self._lock:
            self._counts[what] += 1


@cache
def get_cache() -> SerializerCache:
    """The cache that ``DJUST_CONFIG`` asks for."""
    config = conf.get_config()
    return SerializerCache(
        config.backend,
        config.cache_dir,
        config.redis_url,
        config.JIT_CACHE_MAX_ENTRIES,
        max_bytes=config.JIT_CACHE_MAX_BYTES,
        timeout=config.JIT_CACHE_TIMEOUT,
        pool_size=config.JIT_REDIS_POOL_SIZE,
        signed=config.JIT_CACHE_SIGNED,
        bundle=config.bundle,
        setting=config.cache_setting,
    )


conf.on_change(get_cache.cache_clear)
