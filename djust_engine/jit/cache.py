"""Plans and serializers by key: those used last in memory, and behind it an optional shared store.

A store and a bundle hold data, never code: a plan as versioned JSON, a serializer as the paths
that it is generated from again. What cannot be read, does not match or is not signed is a miss.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import conf
from .caching.memory import Memory
from .optimizer import Asked
from .plan import InstancesPlan, Plan, RowsPlan, Untouched

if TYPE_CHECKING:
    from .caching.shared import Shared
    from .caching.store import Store

Cached = Plan | Callable[..., Any]

#: What making a plan is believed to take before one was made here, in seconds.
_FIRST_GUESS = 0.005


class CacheStats(NamedTuple):
    """What became of what was asked for since the process began, and what is in memory now.

    ``hits`` are of the memory, ``stored`` of the bundle and the store, ``misses`` of all;
    ``rejected`` entries were there and not taken; ``errors`` are calls of the store that failed,
    and ``skipped`` those that were not made, because others had failed.
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
        self.store = store
        self.shared: Shared | None = None
        if store is not None or bundle or backend != "memory":
            from .caching.shared import Shared
            from .caching.stores import open_store

            self.store = store or open_store(backend, cache_dir, redis_url, pool_size, timeout)
            self.shared = Shared(self.store, bundle, timeout, pool_size, setting, signed)
        self._memory = Memory(maxsize, max_bytes)
        self._pace = _FIRST_GUESS

    def get_cache_key(self, template_content: str, variable_name: str, *more: str) -> str:
        """A digest of all the parts, in full; of a shared one also of versions and options."""
        parts = (template_content, variable_name, *more)
        if self.shared is not None:
            from .caching.stamps import surroundings

            parts = (*parts, *surroundings().values())
        return sha256(json.dumps(parts).encode()).hexdigest()

    def plan_key(self, asked: Asked, vendor: str) -> str:
        """The key of a plan: what is read, in full, of which QuerySet and of which model.

        What is read follows from all sources in the chain of templates, and is all of them that a
        plan depends on.
        """
        model, stamp = asked.model, ""
        if self.shared is not None:
            from .caching.stamps import model_stamp

            stamp = model_stamp(model)
        name = f"{model.__module__}.{model.__qualname__}"
        return self.get_cache_key(asked.usage.key(), name, repr(asked.shape), vendor, stamp)

    def get(self, cache_key: str) -> Cached | None:
        """What was set under the key, from memory or from the store; None when there is nothing."""
        found: Cached | None = self._memory.get(cache_key)
        if found is None and self.shared is not None:
            found = self.shared.read(cache_key, None)
            if callable(found):  # a plan is kept where it is known what it is asked for
                self._memory.set(cache_key, found)
        return found

    def set(self, cache_key: str, value: Cached) -> None:
        """Keep a plan, or a function of ``compile_serializer``; other functions in memory only."""
        self._memory.set(cache_key, value)
        if self.shared is not None:
            self.shared.write(cache_key, value)

    def find_plan(self, key: str, asked: Asked, make: Callable[[], Plan]) -> tuple[Plan, bool]:
        """The plan under the key, or a new one; and whether it was there.

        Of processes that ask a store for the same at the same time one makes the plan; the others
        wait for it, but no longer than making one has taken here so far.
        """
        found = self._memory.get(key)
        if found is None and self.shared is not None:
            found = self.shared.read_or_claim(key, asked, self._pace)
            if found is not None:
                self._memory.set(key, found)
        if isinstance(found, RowsPlan | InstancesPlan | Untouched):
            return found, True
        started = perf_counter()
        plan = make()
        self._pace = (3 * self._pace + perf_counter() - started) / 4
        self.set(key, plan)
        return plan, False

    def invalidate(self, cache_key: str | None = None) -> None:
        """Forget the key, in memory and in the store; without a key, everything."""
        if cache_key is None:
            self._memory.clear()
        else:
            self._memory.pop(cache_key)
        if self.shared is not None:
            self.shared.clear() if cache_key is None else self.shared.delete(cache_key)

    def forget(self) -> None:
        """Empty the memory; what lies in the store stays."""
        self._memory.clear()

    def stats(self) -> CacheStats:
        memory = self._memory.stats()
        counts = Counter[str]() if self.shared is None else self.shared.counts()
        return CacheStats(
            hits=memory.hits,
            stored=counts["stored"],
            misses=memory.misses - counts["stored"],
            rejected=counts["rejected"],
            evictions=memory.evictions,
            errors=counts["errors"],
            skipped=counts["skipped"],
            entries=memory.entries,
            bytes=memory.bytes,
        )

    def __len__(self) -> int:
        return len(self._memory)


_in_use: list[SerializerCache] = []


def get_cache() -> SerializerCache:
    """The cache that ``DJUST_CONFIG`` asks for."""
    return _in_use[-1] if _in_use else _configured()


@contextmanager
def using(cache: SerializerCache) -> Iterator[SerializerCache]:
    """Use another cache meanwhile, in all threads: for commands."""
    _in_use.append(cache)
    try:
        yield cache
    finally:
        _in_use.remove(cache)


@cache
def _configured() -> SerializerCache:
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


conf.on_change(_configured.cache_clear)
