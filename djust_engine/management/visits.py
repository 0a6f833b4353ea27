"""Pages that commands request: which ones, and as whom."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import CommandError, CommandParser
from django.test import Client
from django.urls import NoReverseMatch, reverse

# The request of a line in an access log, and its answer: "GET /leases/?page=2 HTTP/1.1" 200
_LOGGED = re.compile(r'"(?P<method>[A-Z]+) (?P<path>\S+) HTTP/[\d.]+"(?: (?P<status>\d{3})\b)?')
_URLS = ("/", "http://", "https://")


def add_page_arguments(parser: CommandParser) -> None:
    """The arguments that name pages, but for the paths themselves."""
    parser.add_argument(
        "--view",
        action="append",
        default=[],
        metavar="NAME",
        help="The name of a view without arguments; may be repeated.",
    )
    parser.add_argument(
        "--from",
        dest="file",
        type=Path,
        metavar="FILE",
        help=(
            "A file with a path a line, or an access log: its GET requests, each once, but for "
            "those that failed and static files."
        ),
    )
    parser.add_argument("--user", metavar="NAME", help="Request the pages as this user.")
    parser.add_argument("--host", help="The host of the requests; one of ALLOWED_HOSTS.")


def named_paths(options: dict[str, Any]) -> list[str]:
    """The paths that the arguments name, each once; CommandError for what is none."""
    return list(dict.fromkeys(_paths(options)))


def request_page(client: Client, path: str) -> str:
    """The status of a page, or the exception that its view raised."""
    try:
        return str(client.get(path).status_code)
    except Exception as error:  # a view may raise anything; it is told, and the next page is taken
        return f"{type(error).__name__}: {error}".splitlines()[0]


def _paths(options: dict[str, Any]) -> Iterator[str]:
    for path in options["paths"]:
        if not path.startswith(_URLS):
            raise CommandError(f"{path}: a path begins with a slash.")
        yield path
    for name in options["view"]:
        try:
            yield reverse(name)
        except NoReverseMatch as error:
            raise CommandError(f"--view {name}: {error}") from error
    if options["file"] is not None:
        found = list(_recorded(_lines(options["file"])))
        if not found:
            raise CommandError(f"--from {options['file']}: no line of it names a page.")
        yield from found


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise CommandError(f"--from {file}: {error}") from error


def _recorded(lines: Iterable[str]) -> Iterator[str]:
    """What was asked for and answered; who seeks what is not there is in most logs."""
    elsewhere = _served_elsewhere()
    for line in lines:
        logged, alone = _LOGGED.search(line), line.strip()
        if logged is None and alone.startswith(_URLS):
            yield alone
        elif logged is not None and _is_page(logged, elsewhere):
            yield logged["path"]


def _is_page(logged: re.Match[str], elsewhere: tuple[str, ...]) -> bool:
    answered = logged["method"] == "GET" and (logged["status"] or "200") < "400"
    return answered and not logged["path"].startswith(elsewhere)


def _served_elsewhere() -> tuple[str, ...]:
    """What static files and uploads begin with: a web server answers for those."""
    given = settings.STATIC_URL, settings.MEDIA_URL
    return tuple(url for url in given if url and url.startswith("/") and url != "/")


def make_client(user: str | None, host: str | None) -> Client:
    """A client of the site, logged in as the user; CommandError where there is none."""
    allowed = [one.lstrip(".") for one in settings.ALLOWED_HOSTS if one != "*"]
    client = Client(SERVER_NAME=host or next(iter(allowed), "localhost"))
    if user is not None:
        model: Any = get_user_model()
        try:
            client.force_login(model._default_manager.get_by_natural_key(user))
        except model.DoesNotExist:
            raise CommandError(f"--user {user}: there is no such user.") from None
    return client
