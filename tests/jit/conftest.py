"""A small library, and both engines on one template: bytes, and queries beside Django's."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import connection
from django.template import engines
from django.test.utils import CaptureQueriesContext

from djust_engine.decisions import Decision, collect
from djust_engine.jit.usage import ITERATED, Usage
from tests.jitapp.models import Author, Book, Comment, Country, Profile, Tag


@pytest.fixture
def library(db: None) -> None:
    """Eight books by six authors: some without country, profile, editor, tags or comments."""
    germany, france = (Country.objects.create(name=name) for name in ("Germany", "France"))
    authors = [
        Author.objects.create(
            first_name=f"F{at}", last_name=f"L<{at}>", country=[germany, france, None][at % 3]
        )
        for at in range(6)
    ]
    for at, author in enumerate(authors):
        if at != 3:
            nick = None if at == 2 else f"n{at}"
            Profile.objects.create(author=author, nick=nick, avatar=f"a{at}.png" if at % 2 else "")
    tags = [Tag.objects.create(name=f"t{at}") for at in range(4)]
    for at in range(8):
        book = Book.objects.create(
            title=f"Book & {at}",
            author=authors[at % 6],
            editor=authors[at % 3] if at % 2 else None,
            status="do"[at % 2],
            price=f"{at}.50" if at % 3 else None,
            extra={"k": {"z": at}} if at % 2 else None,
        )
        book.tags.set(tags[: at % 4])
        for number in range(at % 3):
            author = authors[(at + number) % 6]
            Comment.objects.create(book=book, author=author, text=f"c{at}{number}")
    first, second, third, *_ = Book.objects.order_by("pk")
    first.sequels.add(second, third)
    second.friends.add(third)


class Renders:
    """What one template gave with both engines."""

    def __init__(self, django: tuple[str, int], ours: tuple[str, int], made: list[Decision]):
        self.django, self.ours, self.decisions = django, ours, made

    @property
    def modes(self) -> list[str]:
        return [one.mode for one in self.decisions if one.kind == "plan"]

    @property
    def reasons(self) -> list[str]:
        return [one.reason for one in self.decisions if one.kind == "plan"]


@pytest.fixture
def render_both(library: None) -> Callable[..., Renders]:
    """Render a template with Django and with us; both have given the same text."""

    def render(source: str, make_context: Callable[[], Mapping[str, Any]]) -> Renders:
        with collect() as made:
            django, ours = (_outcome(name, source, make_context()) for name in ("oracle", "django"))
        assert ours[0] == django[0]
        assert ours[1] <= django[1]
        return Renders(django, ours, made)

    return render


def _outcome(name: str, source: str, context: Mapping[str, Any]) -> tuple[str, int]:
    template = engines[name].from_string(source)
    with CaptureQueriesContext(connection) as queries:
        try:
            text = template.render(context)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
    return text, len(queries)


def loop_over(*paths: str, **children: Usage) -> Usage:
    """The usage of a QuerySet that is iterated, of whose elements ``paths`` are printed."""
    return Usage(ITERATED, {}, Usage.of_paths(paths).union(Usage(0, children)))


def objects_of(*paths: str, **children: Usage) -> Usage:
    """The usage of a related manager whose ``all`` is iterated."""
    return Usage(0, {"all": loop_over(*paths, **children)})


#: Whether a join leaves rows that nothing orders as they were: where it may not, they are fetched
#: for themselves, and what they refer to by one query more.
JOINS_KEEP_ORDER = connection.vendor == "sqlite"
