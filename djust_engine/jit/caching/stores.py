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


def open_configured(config: conf.Config, timeout: float) -> Store:
    """The store that the setting asks for; StoreError where it asks for none."""
    place = config.backend, config.cache_dir, config.redis_url
    store = open_store(*place, config.JIT_REDIS_POOL_SIZE, timeout)
    if store is None:
        raise StoreError("plans end with their process: nothing is stored")
    return store
