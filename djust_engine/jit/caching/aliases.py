"""Texts in one of Django's own caches, as the setting ``CACHES`` names it."""

from __future__ import annotations

from typing import Any

from django.core.cache import caches
from django.db import connections

from .store import StoreError


class DjangoStore:
    """Texts under keys of their own in the cache ``alias``.

    ``clear`` forgets what is there by a new generation of keys: what others keep in it stays.
    """

    PREFIX = "djust:plan"
    SECONDS = 30 * 24 * 3600

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self._generation: int | None = None

    def get(self, key: str) -> bytes | None:
        found = self._call("get", self._key(key))
        return found.encode() if isinstance(found, str) else None

    def set(self, key: str, text: bytes) -> None:
        self._call("set", self._key(key), text.decode(), self.SECONDS)

    def add(self, key: str, seconds: float) -> bool:
        return bool(self._call("add", f"{self._key(key)}:claim", 1, max(seconds, 1)))

    def delete(self, key: str) -> None:
        self._call("delete", self._key(key))

    def clear(self) -> None:
        name = f"{self.PREFIX}:generation"
        self._generation = (self._read_generation() + 1) % 1_000_000
        self._call("set", name, self._generation, None)

    def _key(self, key: str) -> str:
        if self._generation is None:
            self._generation = self._read_generation()
        return f"{self.PREFIX}:{self._generation}:{key}"

    def _read_generation(self) -> int:
        found = self._call("get", f"{self.PREFIX}:generation")
        return found if type(found) is int else 0

    def _call(self, method: str, *args: Any) -> Any:
        try:
            return getattr(caches[self.alias], method)(*args)
        except Exception as error:  # any backend may stand behind the alias
            raise StoreError(f"{type(error).__name__}: {error}") from error
        finally:
            connections.close_all()  # those of this thread, which a cache in a database opens
