"""The context of the realistic page: articles, a menu, a section."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

ARTICLES = 50
TODAY = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)


@dataclass
class Person:
    name: str


@dataclass
class Article:
    number: int
    title: str
    lead: str
    author: Person
    written: dt.datetime
    views: int
    price: Decimal
    tags: list[str]


def article(number: int) -> Article:
    return Article(
        number=number,
        title=f"Article {number} & <more>",
        lead="One two three four five six seven eight nine ten eleven twelve thirteen" * 2,
        author=Person(f"Author O'{number}"),
        written=TODAY - dt.timedelta(days=number % 400, hours=3),
        views=number * 7919,
        price=Decimal(number * 31) / 10,
        tags=["home", "garden", "repair"],
    )


def page(number: int) -> dict[str, object]:
    return {
        "articles": [article(number * ARTICLES + n + 1) for n in range(ARTICLES)],
        "site": {"name": "The <Site>"},
        "section": {"title": f"Section {number}"},
        "menu": [
            {"href": f"/{n}/", "title": f"Entry {n}", "active": n == number % 8} for n in range(8)
        ],
        "today": TODAY,
        "csrf_token": "token",
    }
