"""Random rows for the models of `tests.jitapp`."""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from tests.jitapp import models

WORDS = ["Ada", "B & C", "<i>", "it's", "", "Łódź", 'quo"te', "two words", "x", "None", "7"]
ALL = [
    models.Edition, models.Dish, models.Speech, models.Patronage, models.Membership, models.Club,
    models.Worker, models.Desk,
    models.Remark,
    models.Note, models.Noted, models.Odd, models.Visit, models.Restaurant, models.Place,
    models.Shelf, models.Observed, models.Hideable, models.BaseHidden, models.Comment, models.Book,
    models.Tag, models.Profile, models.Author, models.Country,
]  # fmt: skip


def fill(seed: int) -> None:
    """Replace what the tables hold by random rows; the primary keys are the same for all seeds."""
    random = Random(seed)
    for model in ALL:
        QuerySet(model).delete()
    countries = _make(models.Country, random, 3, lambda: {
        "name": random.choice(WORDS), "code": random.choice(["de", "fr", "xx"]),
    })  # fmt: skip
    authors = _make(models.Author, random, 6, lambda: {
        "first_name": random.choice(WORDS), "last_name": random.choice(WORDS),
        "country": _maybe(random, countries),
    })  # fmt: skip
    _people(random, authors)
    books = _books(random, authors)
    _shelves(random, countries, authors)
    _rest(random, books, authors)
    _clubs(random, authors)
    _workers(random)
    _dishes(random)
    _editions(random, books)


def _make(model, random, most, values):
    made = range(1, random.randint(0, most) + 1) if random.random() < 0.1 else range(1, most + 1)
    return model._base_manager.bulk_create([model(pk=at, **values()) for at in made])


def _maybe(random, choices):
    return random.choice([None, *choices])


def _people(random, authors):
    for author in authors:
        if random.random() < 0.7:
            models.Profile.objects.create(
                pk=author.pk + 10,
                author=author,
                nick=random.choice([None, *WORDS]),
                avatar=random.choice(["", "avatars/a b.png"]),
                picture=random.choice(["", "pictures/none.png"]),
            )


def _books(random, authors):
    if not authors:
        return []
    books = _make(models.Book, random, 7, lambda: {
        "title": random.choice(WORDS), "status": random.choice(["d", "o", "?"]),
        "price": random.choice([None, Decimal("0.50"), Decimal("1234.00")]),
        "published": random.choice([None, _moment(random)]),
        "key": uuid.UUID(int=random.getrandbits(128)),
        "extra": random.choice([None, {"k": {"z": 1}}, [1, "<2>"], "text", {"items": 3}]),
        "author": random.choice(authors), "editor": _maybe(random, authors),
    })  # fmt: skip
    tags = _make(models.Tag, random, 4, lambda: {"name": random.choice(WORDS)})
    for book in books:
        book.tags.set(random.sample(tags, random.randint(0, len(tags))))
        book.sequels.set(random.sample(books, random.randint(0, min(2, len(books)))))
        book.friends.set(random.sample(books, random.randint(0, min(2, len(books)))))
    return books


def _moment(random):
    start = datetime(2024, 3, 30, 22, 30, tzinfo=UTC)
    return start + timedelta(hours=random.randint(0, 9000), microseconds=random.choice([0, 5]))


def _shelves(random, countries, authors):
    hideables = _make(models.Hideable, random, 3, lambda: {
        "name": random.choice(WORDS), "hidden": random.random() < 0.4,
        "country": _maybe(random, countries),
    })  # fmt: skip
    hidden = _make(models.BaseHidden, random, 3, lambda: {
        "name": random.choice(WORDS), "hidden": random.random() < 0.4,
    })  # fmt: skip
    observed = _make(models.Observed, random, 3, lambda: {
        "title": random.choice(WORDS), "author": _maybe(random, authors),
    })  # fmt: skip
    _make(models.Shelf, random, 4, lambda: {
        "hideable": _maybe(random, hideables), "base_hidden": _maybe(random, hidden),
        "loose_id": random.choice([None, 1, 2, 99]), "observed": _maybe(random, observed),
    })  # fmt: skip


def _rest(random, books, authors):
    for at in range(1, 9) if books else ():
        comment = models.Comment.objects.create(
            pk=at, book=random.choice(books), author=random.choice(authors), text=f"c<{at}>"
        )
        comment.likes.set(random.sample(authors, random.randint(0, min(3, len(authors)))))
    for at in range(1, 4):
        models.Restaurant.objects.create(pk=at, name=random.choice(WORDS), slug=f"s{at}", stars=at)
        models.Visit.objects.create(pk=at, place_id=f"s{random.randint(1, at)}")
        models.Odd.objects.create(pk=at, loud=random.choice(WORDS), plain=random.choice(WORDS))
    noted = _make(models.Noted, random, 3, lambda: {"name": random.choice(WORDS)})
    kinds = [(models.Noted, noted), (models.Book, books)]
    for at in range(1, 6):
        model, choices = random.choice(kinds)
        models.Note.objects.create(
            pk=at, content_type=ContentType.objects.get_for_model(model), text=f"n{at}",
            object_id=random.choice([99, *(one.pk for one in choices)]),
        )  # fmt: skip
        kind = ContentType.objects.get_for_model(random.choice([model, models.Tag]))
        models.Remark.objects.create(
            pk=at, content_type=kind,
            object_id=random.choice(["", "x", "99", "1", "2"]),
        )  # fmt: skip


def _clubs(random, authors):
    loud = list(models.LoudAuthor.objects.order_by("pk"))
    clubs = _make(models.Club, random, 3, lambda: {"name": random.choice(WORDS)})
    for club in clubs if authors else ():
        for _ in range(random.randint(0, 3)):
            author = random.choice(authors)
            models.Membership.objects.create(club=club, author=author, since=random.randint(1, 3))
            friend, patron = random.choice(loud), random.choice(loud)
            models.Patronage.objects.create(club=club, patron=patron, friend=friend)
    if authors:
        _make(models.Speech, random, 4, lambda: {
            "title": random.choice(WORDS), "speaker": random.choice(loud),
        })  # fmt: skip


def _workers(random):
    places = list(models.Place.objects.order_by("pk"))
    desks = _make(models.Desk, random, 3, lambda: {
        "label": random.choice(WORDS), "place": _maybe(random, places),
    })  # fmt: skip
    workers: list[models.Worker] = []
    for at in range(1, 6):
        desk = desks[at - 1] if at <= len(desks) and random.random() < 0.8 else None
        mate = workers[-1] if workers and random.random() < 0.4 else None
        workers.append(models.Worker.objects.create(
            pk=at, name=random.choice(WORDS), boss=_maybe(random, workers), desk=desk, mate=mate,
        ))  # fmt: skip


def _dishes(random):
    places = list(models.Place.objects.order_by("pk"))
    kitchens = list(models.Restaurant.objects.order_by("pk"))
    _make(models.Dish, random, 5, lambda: {
        "name": random.choice(WORDS), "restaurant": random.choice(kitchens),
        "origin": _maybe(random, places),
    })  # fmt: skip


def _editions(random, books):
    for book in books:
        for number in range(random.randint(0, 2)):
            models.Edition.objects.create(book=book, number=number, label=random.choice(WORDS))
