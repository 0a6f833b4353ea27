"""Where cached texts lie outside the process: bytes in, bytes out; the cache reads them."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol


class StoreError(Exception):
    """The store cannot be reached, or does not take the text."""


class Store(Protocol):
    """A place for texts that outlives the process; each method may raise StoreError."""

    def get(self, key: str) -> bytes | None: ...

    def set(self, key: str, text: bytes) -> None: ...

    def delete(self, key: str) -> None: ...

    def clear(self) -> None: ...


class FileStore:
    """A file a text, replaced in one step, so that a reader never sees half of one."""

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.directory = Path(directory)

    def get(self, key: str) -> bytes | None:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(str(error)) from error

    def set(self, key: str, text: bytes) -> None:
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.directory, delete=False) as file:
                file.write(text)
            os.replace(file.name, self._path(key))
        except OSError as error:
            raise StoreError(str(error)) from error

    def delete(self, key: str) -> None:
        self._unlink(self._path(key))

    def clear(self) -> None:
        for path in self.directory.glob("*.json"):
            self._unlink(path)

    def _unlink(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(str(error)) from error

    def _path(self, key: str) -> Path:
        return self.directory / f"{sha256(key.encode()).hexdigest()}.json"


class RedisStore:
    """Texts in Redis under one prefix; they expire a month after they were written."""

    PREFIX = "djust:plan:"
    SECONDS = 30 * 24 * 3600

    def __init__(self, url: str, pool_size: int = 10, client: Any = None) -> None:
        if client is None:
            import redis

            pool = redis.ConnectionPool.from_url(url, max_connections=pool_size)
            client = redis.Redis(connection_pool=pool)
        self.client = client

    def get(self, key: str) -> bytes | None:
        found: bytes | None = self._call("get", self.PREFIX + key)
        return found

    def set(self, key: str, text: bytes) -> None:
        self._call("set", self.PREFIX + key, text, ex=self.SECONDS)

    def delete(self, key: str) -> None:
        self._call("delete", self.PREFIX + key)

    def clear(self) -> None:
        for key in self._call("keys", self.PREFIX + "*"):
            self._call("delete", key)

    def _call(self, command: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(self.client, command)(*args, **kwargs)
        except Exception as error:  # the client's errors are not known without its package
            raise StoreError(f"{type(error).__name__}: {error}") from error


def open_store(backend: str, directory: str, url: str, pool_size: int = 10) -> Store | None:
    """The store behind the memory; None for the backend "memory". ValueError for an unknown one."""
    if backend == "memory":
        return None
    if backend == "filesystem":
        return FileStore(directory)
    if backend == "redis":
        return RedisStore(url, pool_size)
    raise ValueError(f"Unknown backend {backend!r}: use 'memory', 'filesystem' or 'redis'")
