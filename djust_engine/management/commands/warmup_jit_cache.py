"""`manage.py warmup_jit_cache`: requests pages, so that the plans of their templates are stored."""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test import Client
from django.urls import NoReverseMatch, reverse

from djust_engine.conf import get_config
from djust_engine.decisions import collect

# The request of a line in an access log: "GET /leases/?page=2 HTTP/1.1"
_LOGGED = re.compile(r'"(?P<method>[A-Z]+) (?P<path>\S+) HTTP/[\d.]+"')


class Command(BaseCommand):
    help = (
        "Requests pages of the site in this process, so that what their templates need of the "
        "database is worked out, and stored where JIT_CACHE_BACKEND says. Pages that fail are "
        "listed at the end, and the status is then 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="path", help="A path such as /leases/.")
        parser.add_argument(
            "--view", action="append", default=[], help="The name of a view without arguments."
        )
        parser.add_argument(
            "--from",
            dest="file",
            type=Path,
            help="A file with a path a line, or an access log: its GET requests, each once.",
        )
        parser.add_argument("--user", help="Request the pages as this user.")
        parser.add_argument("--host", help="The host of the requests; one of ALLOWED_HOSTS.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Request each page once; CommandError for what cannot be requested at all."""
        paths = list(dict.fromkeys(_paths(options)))
        if not paths:
            raise CommandError("Name pages to request: paths, --view or --from.")
        if get_config().backend == "memory" and get_config().JIT_CACHE_BACKEND == "memory":
            self.stderr.write(_IN_MEMORY)
        client = _client(options["user"], options["host"])
        failures = [failure for failure in self._visit(client, paths) if failure]
        for failure in failures:
            self.stderr.write(failure)
        done = len(paths) - len(failures)
        self.stdout.write(f"{done} of {len(paths)} pages, {self.stored} plans worked out.")
        if failures:
            sys.exit(1)

    stored = 0

    def _visit(self, client: Client, paths: list[str]) -> Iterator[str]:
        """What went wrong with each page; empty where nothing did."""
        for number, path in enumerate(paths, 1):
            with collect() as decisions:
                outcome = _request(client, path)
            plans = [one for one in decisions if one.kind == "cache" and one.mode == "miss"]
            self.stored += len(plans)
            self.stdout.write(f"[{number}/{len(paths)}] {path} {outcome}, {len(plans)} plans")
            yield "" if outcome.startswith(("2", "3")) else f"{path} failed: {outcome}"


_IN_MEMORY = (
    "JIT_CACHE_BACKEND is 'memory': plans end with this process. Set it to 'filesystem' or 'redis'."
)


def _request(client: Client, path: str) -> str:
    """The status of a page, or the exception that its view raised."""
    try:
        return str(client.get(path).status_code)
    except Exception as error:  # a view may raise anything; it is told, and the next page is taken
        return f"{type(error).__name__}: {error}".splitlines()[0]


def _paths(options: dict[str, Any]) -> Iterator[str]:
    yield from options["paths"]
    for name in options["view"]:
        try:
            yield reverse(name)
        except NoReverseMatch as error:
            raise CommandError(f"--view {name}: {error}") from error
    if options["file"] is not None:
        yield from _recorded(_lines(options["file"]))


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise CommandError(f"--from {file}: {error}") from error


def _recorded(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        logged = _LOGGED.search(line)
        if logged is not None and logged["method"] == "GET":
            yield logged["path"]
        elif logged is None and line.strip().startswith("/"):
            yield line.strip()


def _client(user: str | None, host: str | None) -> Client:
    allowed = [one.lstrip(".") for one in settings.ALLOWED_HOSTS if one != "*"]
    client = Client(SERVER_NAME=host or next(iter(allowed), "localhost"))
    if user is not None:
        model: Any = get_user_model()
        try:
            client.force_login(model._default_manager.get_by_natural_key(user))
        except model.DoesNotExist:
            raise CommandError(f"--user {user}: there is no such user.") from None
    return client
