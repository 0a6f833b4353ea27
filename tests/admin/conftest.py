"""`visit`: one request to a project with our engine alone, then to one with Django's, compared."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.contrib.admin.models import ADDITION, CHANGE
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.template import engines
from django.test import Client, override_settings

from djust_engine.backends.django import DjustTemplates
from tests.adminapp.models import Chapter, Genre, Novel, Review, Writer
from tests.oracle import counted_queries
from tests.settings import ORACLE, OURS

ENGINES = {"ours": [OURS], "django": [{**ORACLE, "NAME": "django"}]}
MASKS = [re.compile(r'(csrfmiddlewaretoken" value=")\w+'), re.compile(r'(nonce=")[^"]+')]


@dataclass
class Visit:
    """What one engine answered."""

    response: Any
    page: str
    queries: int


@pytest.fixture
def library(db: None) -> dict[str, Any]:
    """Rows enough for pagination, filters and a date hierarchy, with markup in their names."""
    user = User.objects.create_superuser("admin", "admin@example.com", "password")
    writers = [
        Writer.objects.create(name=name, born=date(1950, 1, index + 1), site=f"<{index}>")
        for index, name in enumerate(["Ada <b>", "Bram & Co", "Çelik"])
    ]
    genres = [Genre.objects.create(name=f"Genre <{index}>") for index in range(4)]
    for index in range(25):
        make_novel(index, writers[index % 3], genres[: index % 3])
    Group.objects.create(name="Readers").permissions.set(Permission.objects.all()[:5])
    return {"user": user, "novel": Novel.objects.get(title="Novel 3 <i>")}


def make_novel(index: int, writer: Writer, genres: list[Genre]) -> None:
    novel = Novel.objects.create(
        title=f"Novel {index} <i>",
        writer=writer,
        status=Novel.Status.values[index % 2],
        price="9.90" if index % 2 else None,
        published=date(2020 + index % 4, index % 12 + 1, 5),
        updated=datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC),
        is_signed=index % 5 == 0,
    )
    novel.genres.set(genres)
    for number in range(index % 3):
        Chapter.objects.create(novel=novel, title=f"Chapter {number} &", pages=1200 * number)
        Review.objects.create(novel=novel, text=f"Review <{number}>")


@pytest.fixture
def history(library: dict[str, Any]) -> None:
    """Log entries, as the admin writes them."""
    from django.contrib.admin.models import LogEntry

    novels = [library["novel"]]
    LogEntry.objects.log_actions(library["user"].pk, novels, ADDITION, [{"added": {}}])
    changed = [{"changed": {"fields": ["Title", "Price"]}}]
    LogEntry.objects.log_actions(library["user"].pk, novels, CHANGE, changed)


def masked(page: str) -> str:
    for mask in MASKS:
        page = mask.sub(r"\1masked", page)
    return page


Call = Callable[[Client], Any]


# The engines of each project, kept between visits: making them walks all tag libraries.
KEPT: dict[str, dict[str, Any]] = {}


@contextmanager
def project(name: str) -> Iterator[None]:
    """Settings whose only engine is that of `name`."""
    with override_settings(TEMPLATES=ENGINES[name]):
        engines._engines = KEPT.setdefault(name, {})
        assert isinstance(engines["django"], DjustTemplates) == (name == "ours")
        yield


def visit_with(name: str, call: Call, cookies: SimpleCookie) -> Visit:
    """Answer a request in a savepoint that is rolled back, so that both engines see the same."""
    client = Client()
    client.cookies = SimpleCookie(cookies.output(header=""))
    ContentType.objects.clear_cache()
    with project(name), transaction.atomic(), counted_queries() as queries:
        response = call(client)
        transaction.set_rollback(True)
    page = masked(response.content.decode())
    return Visit(response, page, len(queries))


@pytest.fixture
def visit(library: dict[str, Any]) -> Callable[..., Visit]:
    """A function that asserts that both engines answer a request alike, and gives our answer."""

    logged_in = Client()
    logged_in.force_login(library["user"])

    def compare(call: Call | str, *, anonymous: bool = False) -> Visit:
        make = call if callable(call) else lambda client: client.get(call)
        cookies = SimpleCookie() if anonymous else logged_in.cookies
        ours, django = (visit_with(name, make, cookies) for name in ("ours", "django"))
        assert ours.page == django.page
        assert ours.response.status_code == django.response.status_code
        assert ours.response.headers.keys() == django.response.headers.keys()
        assert names_of(ours.response) == names_of(django.response)
        assert ours.queries <= django.queries
        return ours

    return compare


def names_of(response: Any) -> list[str]:
    return [template.name for template in response.templates]
