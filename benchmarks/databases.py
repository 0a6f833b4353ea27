"""The database that is measured: SQLite in memory, or one of its own on a PostgreSQL server."""

import datetime as dt
import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, unquote, urlsplit

ADDRESS = "DJUST_DATABASE"
NAMES = ("sqlite", "postgresql")
_MISSING = (
    "There is no PostgreSQL to measure: {why}.\n"
    f"Set {ADDRESS}=postgresql://user:password@host:port/name, or let\n"
    "scripts/with-postgresql python -m benchmarks --database postgresql\n"
    "start a server. The driver comes by: pip install --group postgresql"
)


class NoDatabase(Exception):
    """The database that was asked for is not there; the message says what to do."""


def database(name: str) -> dict[str, object]:
    """The settings of the database ``name``. Raises NoDatabase."""
    if name == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    parts = urlsplit(os.environ.get(ADDRESS, ""))
    if parts.scheme != "postgresql":
        raise NoDatabase(_MISSING.format(why=f"{ADDRESS} names none"))
    if not (importlib.util.find_spec("psycopg") or importlib.util.find_spec("psycopg2")):
        raise NoDatabase(_MISSING.format(why="psycopg is not installed"))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username or "",
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
        "TEST": {"NAME": f"djust_benchmarks_{os.getpid()}"},
    }


@contextmanager
def sample_rows(name: str) -> Iterator[None]:
    """Django set up over a database of its own, which is gone afterwards, with the sample rows.

    Raises NoDatabase.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    os.environ["DJUST_BENCHMARK_DATABASE"] = name
    database(name)
    import django

    django.setup()
    from django.db import OperationalError, connection

    from sample_site.showcase.load import load

    first = connection.settings_dict["NAME"]
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    except (OperationalError, SystemExit) as error:
        raise NoDatabase(_MISSING.format(why=str(error).strip())) from error
    try:
        load(dt.date(2026, 3, 1))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield
    finally:
        connection.creation.destroy_test_db(first, verbosity=0)
