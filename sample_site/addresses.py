"""What the environment's addresses mean as settings: a database, a place for plans."""

from urllib.parse import parse_qsl, unquote, urlsplit


def database(address: str) -> dict[str, object]:
    """The settings of a SQLite file, or of the PostgreSQL that a URL names."""
    parts = urlsplit(address)
    if parts.scheme != "postgresql":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": address}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username or "",
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
    }


def plan_store(address: str) -> dict[str, object]:
    """The keys of DJUST_CONFIG for a directory, a Redis or a bundle that a URL names."""
    if address.startswith(("https://", "file://")):
        return {"JIT_CACHE_URL": address}
    if "://" in address:
        return {"JIT_CACHE_BACKEND": "redis", "JIT_REDIS_URL": address}
    return {"JIT_CACHE_BACKEND": "filesystem", "JIT_CACHE_DIR": address}
