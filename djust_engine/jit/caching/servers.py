"""Texts in Redis or Valkey: one server, a cluster, or what sentinels name as the master."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from ...conf import REDIS_KINDS, REDIS_SCHEMES
from .store import StoreError


class RedisStore:
    """Texts in Redis under one prefix; they expire a month after they were written."""

    PREFIX = "djust:plan:"
    CLAIM = "djust:claim:"
    SECONDS = 30 * 24 * 3600

    def __init__(
        self, url: str, pool_size: int = 10, client: Any = None, timeout: float = 0.1
    ) -> None:
        self.client = client or make_client(url, pool_size, timeout)

    def get(self, key: str) -> bytes | None:
        found = self._call("get", self.PREFIX + key)
        if found is not None and not isinstance(found, bytes):
            raise StoreError(f"it answers {type(found).__name__}, not a text")
        return found

    def set(self, key: str, text: bytes) -> None:
        self._call("set", self.PREFIX + key, text, ex=self.SECONDS)

    def add(self, key: str, seconds: float) -> bool:
        claimed = self._call("set", self.CLAIM + key, b"", nx=True, px=int(1000 * seconds) or 1)
        return bool(claimed)

    def delete(self, key: str) -> None:
        for prefix in (self.PREFIX, self.CLAIM):  # not at once: a cluster has them apart
            self._call("delete", prefix + key)

    def clear(self) -> None:
        for prefix in (self.PREFIX, self.CLAIM):
            for key in self._call("scan_iter", f"{prefix}*", count=500, as_list=True):
                self._call("delete", key)

    def _call(self, command: str, *args: Any, as_list: bool = False, **options: Any) -> Any:
        """What the client answers; an iterator is read to its end, as it asks the server, too."""
        try:
            answer = getattr(self.client, command)(*args, **options)
            return list(answer) if as_list else answer
        except Exception as error:  # the client's errors are not known without its package
            raise StoreError(f"{type(error).__name__}: {error}") from error


class Address(NamedTuple):
    """A ``url`` that redis-py reads, and of which ``kind`` it is: "", "cluster" or "sentinel"."""

    url: str
    kind: str


def read_url(url: str) -> Address:
    """The address in the URL of a server, a cluster or sentinels; ValueError for another one."""
    scheme, colon, rest = url.partition(":")
    name, _, kind = scheme.lower().partition("+")
    if not colon or name not in REDIS_SCHEMES or kind not in ("", *REDIS_KINDS):
        raise ValueError(f"{scheme}:// is no address of a Redis server")
    return Address(f"{REDIS_SCHEMES[name]}:{rest}", kind)


def make_client(url: str, pool_size: int, timeout: float) -> Any:
    """A client that waits no longer than ``timeout`` for an answer; it connects when it is used."""
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    address = read_url(url)
    options = {
        "socket_timeout": timeout,
        "socket_connect_timeout": timeout,
        "max_connections": pool_size,
        # Once more: a server that was restarted has closed the connections of the pool.
        "retry": Retry(NoBackoff(), 1),
    }
    return _CLIENTS[address.kind](address.url, options)


def _single(url: str, options: dict[str, Any]) -> Any:
    import redis

    if url.startswith("unix:"):
        options.pop("socket_connect_timeout")
    return redis.Redis(connection_pool=redis.ConnectionPool.from_url(url, **options))


class _Later:
    """A client that asks the network when it is made: made at the first command, and again then
    as long as that fails."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: Any = None

    def __getattr__(self, name: str) -> Any:
        if self._made is None:
            self._made = self._make()
        return getattr(self._made, name)


def _cluster(url: str, options: dict[str, Any]) -> Any:
    import redis

    return _Later(lambda: redis.RedisCluster.from_url(url, **options))


def _sentinel(url: str, options: dict[str, Any]) -> Any:
    """``redis+sentinel://[user:password@]host:port,host:port/service[/db]``."""
    from redis.sentinel import Sentinel

    user, hosts = _authority(url)
    service, _, db = urlsplit(url).path.strip("/").partition("/")
    told = {**user, **options, "db": int(db or 0), "ssl": url.startswith("rediss:")}
    timeouts = {name: options[name] for name in ("socket_timeout", "socket_connect_timeout")}
    sentinel: Any = Sentinel(hosts, sentinel_kwargs=timeouts, **told)  # type: ignore[no-untyped-call]
    return sentinel.master_for(service or "mymaster")


def _authority(url: str) -> tuple[dict[str, str], list[tuple[str, int]]]:
    credentials, _, places = urlsplit(url).netloc.rpartition("@")
    name, _, password = credentials.partition(":")
    found = {"username": unquote(name), "password": unquote(password)}
    hosts = [one.rpartition(":") for one in places.split(",")]
    return (
        {key: value for key, value in found.items() if value},
        [(host or port, int(port) if host else 26379) for host, _, port in hosts],
    )


_CLIENTS: dict[str, Callable[[str, dict[str, Any]], Any]] = {
    "": _single,
    "cluster": _cluster,
    "sentinel": _sentinel,
}
