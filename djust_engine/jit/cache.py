"""Plans and serializers by key: an LRU in memory, and behind it an optional shared store.

A store holds data, never code: a plan as versioned JSON, a serializer as the paths that it is
generated from again. A text that cannot be read is a miss.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from threading import Lock
from typing import Any

import django
from cachetools import LRUCache
from django.apps import apps
from django.db.models import Model

from .. import conf
from ..decisions import Decision, emit, wanted
from . import stock
from .codegen import Recipe, recipe_of, serializer_of
from .plan import VERSION, InstancesPlan, Plan, PlanError, RowsPlan, Untouched, from_json, to_json
from .stores import Store, StoreError, open_store

Cached = Plan | Callable[..., Any]


class SerializerCache:
    """Keeps the plans and serializers used last; ``backend`` is where they lie beyond that."""

    def __init__(
        self,
        backend: str = "memory",
        cache_dir: str = conf.DEFAULTS["JIT_CACHE_DIR"],
        redis_url: str = conf.DEFAULTS["JIT_REDIS_URL"],
        maxsize: int = 2048,
        store: Store | None = None,
    ) -> None:
        self.backend = backend
        self.store = store or open_store(backend, cache_dir, redis_url)
        self._memory: LRUCache[str, Cached] = LRUCache(maxsize)
        self._lock = Lock()

    def get_cache_key(self, template_content: str, variable_name: str, *more: str) -> str:
        """A digest of all the parts, in full, of the models in the project, and of the versions."""
        parts = (template_content, variable_name, *more, _versions(), _models(self.store))
        return sha256(json.dumps(parts).encode()).hexdigest()

    def get(self, cache_key: str) -> Cached | None:
        """What was set under the key, from memory or from the store; None when there is nothing."""
        with self._lock:
            found = self._memory.get(cache_key)
        if found is None and self.store is not None:
            found = self._read(self.store, cache_key)
            if found is not None:
                self._keep(cache_key, found)
        return found

    def set(self, cache_key: str, value: Cached) -> None:
        """Keep a plan, or a function of ``compile_serializer``; other functions in memory only."""
        self._keep(cache_key, value)
        text = _encode(value)
        if self.store is not None and text is not None:
            self._guard(lambda store: store.set(cache_key, text))

    def invalidate(self, cache_key: str | None = None) -> None:
        """Forget the key, in memory and in the store; without a key, everything."""
        with self._lock:
            if cache_key is None:
                self._memory.clear()
            else:
                self._memory.pop(cache_key, None)
        if cache_key is None:
            self._guard(lambda store: store.clear())
        else:
            self._guard(lambda store: store.delete(cache_key))

    def __len__(self) -> int:
        return len(self._memory)

    def _keep(self, cache_key: str, value: Cached) -> None:
        with self._lock:
            self._memory[cache_key] = value

    def _read(self, store: Store, cache_key: str) -> Cached | None:
        text = self._guard(lambda store: store.get(cache_key))
        try:
            return None if text is None else _decode(text)
        except PlanError as error:
            _tell_trouble(f"{type(store).__name__}: {error}")
            return None

    def _guard(self, action: Callable[[Store], Any]) -> Any:
        """The store's answer; None, and a decision, when it fails: a page does not need it."""
        if self.store is None:
            return None
        try:
            return action(self.store)
        except StoreError as error:
            _tell_trouble(f"{type(self.store).__name__}: {error}")
            return None


def _tell_trouble(reason: str) -> None:
    if wanted():
        emit(Decision("cache", "", mode="error", reason=reason))


def _encode(value: Cached) -> bytes | None:
    if isinstance(value, RowsPlan | InstancesPlan | Untouched):
        return to_json(value).encode()
    recipe = recipe_of(value)
    if recipe is None:
        return None
    return json.dumps({"version": VERSION, "serializer": list(recipe)}).encode()


def _decode(text: bytes) -> Cached:
    try:
        document = json.loads(text)
        if "serializer" not in document:
            return from_json(text)
        if document["version"] != VERSION:
            raise PlanError(f"version {document['version']!r}, expected {VERSION}")
        model_name, paths, name = document["serializer"]
        return serializer_of(Recipe(model_name, tuple(paths), name))
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError(f"not a cached text: {error}") from error


def _versions() -> str:
    return f"{VERSION} {django.get_version()}"


def _models(store: Store | None) -> str:
    """What a store must agree on with its readers; memory is of one process anyway."""
    return "" if store is None else _fingerprint()


@cache
def _fingerprint() -> str:
    models: list[type[Model]] = apps.get_models(include_auto_created=True)
    facts = sorted(stock.facts(model) for model in models)
    return sha256(json.dumps(facts).encode()).hexdigest()


@cache
def get_cache() -> SerializerCache:
    """The cache that ``DJUST_CONFIG`` asks for."""
    config = conf.get_config()
    store = open_store(
        config.backend, config.cache_dir, config.redis_url, config.JIT_REDIS_POOL_SIZE
    )
    return SerializerCache(config.backend, store=store)


conf.on_change(get_cache.cache_clear)
