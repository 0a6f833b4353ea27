"""Which store a backend is."""

from __future__ import annotations

from ... import conf
from .aliases import DjangoStore
from .files import FileStore
from .servers import RedisStore
from .store import Store
from .store import StoreError as StoreError


def open_store(
    backend: str, directory: str, url: str, pool_size: int = 10, timeout: float = 0.1
) -> Store | None:
    """The store behind the memory; None for the backend "memory". ValueError for an unknown one."""
    if backend == "memory":
        return None
    if backend == "filesystem":
        return FileStore(directory)
    if backend == "redis":
        return RedisStore(url, pool_size, timeout=timeout)
    if backend.startswith(conf.ALIAS):
        return DjangoStore(backend.removeprefix(conf.ALIAS))
    raise ValueError(
        f"Unknown backend {backend!r}: use 'memory', 'filesystem', 'redis' or 'django:alias'"
    )
