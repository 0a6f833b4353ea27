"""Any query whose SQL is kept: its text and its parameters are those of Django's compiler.

Queries are generated in pairs that differ in their values alone (mostly): what one taught is used
for the other. ``DJUST_STATEMENT_CASES`` asks for more of them.
"""

import datetime as dt
import os
from decimal import Decimal

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    Avg,
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import (
    Coalesce,
    Concat,
    ExtractYear,
    Length,
    Lower,
    TruncMonth,
    Upper,
)
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from djust_engine.jit.sql.statements import Kept, _are_same, widened
from djust_engine.jit.sql.structure import structure_of
from tests.jitapp.models import Author, Book, Comment, Tag

CASES = int(os.environ.get("DJUST_STATEMENT_CASES", "150"))

NUMBERS = st.integers(-3, 9)
TEXTS = st.sampled_from(["", "a", "%", "_", "\\", "B", "t1", "Book & 1", "é"])
MOMENTS = st.datetimes(dt.datetime(2019, 1, 1), dt.datetime(2026, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=dt.UTC)
)
KEYS = st.lists(NUMBERS, min_size=1, max_size=4)

# A condition: the name of a lookup, and the strategy of its values.
CONDITIONS = {
    **{f"title__{one}": TEXTS for one in (
        "exact", "iexact", "contains", "icontains", "startswith", "istartswith", "endswith",
        "iendswith", "gt", "lte",
    )},
    **{f"pk__{one}": NUMBERS for one in ("exact", "gt", "gte", "lt", "lte")},
    "pk__in": KEYS,
    "pk__range": st.tuples(NUMBERS, NUMBERS),
    "title__in": st.lists(TEXTS, min_size=1, max_size=3),
    "price__gte": st.decimals(-9, 9, places=2),
    "price__isnull": st.booleans(),
    "published__lt": MOMENTS,
    "published__year": st.integers(2019, 2026),
    "published__year__gte": st.integers(2019, 2026),
    "published__month": st.integers(1, 12),
    "published__date": MOMENTS.map(lambda moment: moment.date()),
    "published__range": st.tuples(MOMENTS, MOMENTS),
    "key": st.uuids(),
    "extra__k__z": NUMBERS,
    "author": NUMBERS,
    "author__in": KEYS,
    "author_id__in": KEYS,
    "editor": st.none(),
    "editor__isnull": st.booleans(),
    "author__country__name__startswith": TEXTS,
    "author__profile__nick__isnull": st.booleans(),
    "author__profile__nick": TEXTS,
    "tags__name": TEXTS,
    "tags__in": KEYS,
    "comment__text__contains": TEXTS,
    "comment__author__last_name": TEXTS,
    "pages": NUMBERS,
    "low__contains": TEXTS,
}  # fmt: skip
ANNOTATIONS = {
    "pages": lambda n: Length("title") + n,
    "low": lambda n: Lower("title"),
    "one": lambda n: Value(n),
    "text": lambda n: Value(f"<{n}>", output_field=CharField()),
    "many": lambda n: Count("tags"),
    "some": lambda n: Count("comment", filter=Q(comment__pk__gt=n), distinct=True),
    "most": lambda n: Max("comment__pk"),
    "mean": lambda n: Avg("tags__pk"),
    "total": lambda n: Coalesce(Sum("comment__pk"), n),
    "last": lambda n: Subquery(
        Comment.objects.filter(book=OuterRef("pk")).order_by("-pk").values("text")[:1]
    ),
    "there": lambda n: Exists(Comment.objects.filter(book=OuterRef("pk"), pk__gt=n)),
    "kind": lambda n: Case(
        When(pk__lt=n, then=Value("low")), default=Value("high"), output_field=CharField()
    ),
    "month": lambda n: TruncMonth("published"),
    "year": lambda n: ExtractYear("published"),
    "both": lambda n: Concat("title", Value(" "), "author__last_name"),
    "close": lambda n: F("pk") - F("author_id"),
}
ORDERS = [
    *("title", "-title", "pk", "author__last_name", "-author__country__name", "tags", "author"),
    *(F("price").desc(nulls_last=True), Lower("title"), Upper("title").desc(), "?", "-published"),
    Coalesce("price", Value(Decimal("1.5"))),
]


@st.composite
def conditions(draw, names, depth=2):
    """A Q, as a function of the values to come: ``make(draw_value)``."""
    if depth and draw(st.booleans()):
        parts = draw(st.lists(conditions(names, depth - 1), min_size=1, max_size=3))
        joined, negated = draw(st.sampled_from([Q.AND, Q.OR])), draw(st.booleans())

        def many(value):
            found = Q(*[part(value) for part in parts], _connector=joined)
            return ~found if negated else found

        return many
    name = draw(st.sampled_from(names))
    negated = draw(st.integers(0, 3)) == 0

    def single(value):
        return (
            ~Q(**{name: value(CONDITIONS[name])})
            if negated
            else Q(**{name: value(CONDITIONS[name])})
        )

    return single


@st.composite
def makers(draw):
    """A function that makes a QuerySet of one structure: ``make(draw_value)``."""
    chosen = draw(st.lists(st.sampled_from(list(ANNOTATIONS)), max_size=3, unique=True))
    plain = [one for one in CONDITIONS if one.partition("__")[0] not in ("pages", "low")]
    names = [*plain, *(one for one in CONDITIONS if one.partition("__")[0] in chosen)]
    filters = draw(st.lists(conditions(names), max_size=3))
    compared = draw(st.sampled_from([None, Q(price__gt=F("pk")), Q(title=F("author__last_name"))]))
    inner = draw(st.sampled_from([None, "author__in", "pk__in"]))
    order = draw(st.lists(st.sampled_from(ORDERS), max_size=2))
    joins = draw(st.sampled_from([(), ("author",), ("author__country", "editor__profile")]))
    hidden = draw(st.sampled_from([(), ("title",), ("extra", "price")]))
    distinct, limited = draw(st.booleans()), draw(st.booleans())

    def make(value):
        books = Book.objects.annotate(**{one: ANNOTATIONS[one](value(NUMBERS)) for one in chosen})
        books = books.filter(*[one(value) for one in filters])
        books = books.filter(compared) if compared is not None else books
        if inner:
            model = Author if inner == "author__in" else Book
            books = books.filter(**{inner: model.objects.filter(pk__gt=value(NUMBERS))})
        books = books.order_by(*order) if order else books
        books = books.select_related(*joins) if joins else books
        books = books.defer(*hidden) if hidden else books
        books = books.distinct() if distinct else books
        low = value(st.integers(0, 3)) if limited else 0
        return books[low : low + value(st.integers(1, 4))] if limited else books

    return make


def check(kept, queryset):
    """Whether a kept statement was used; text and parameters are then those of Django."""
    found = kept.find(queryset)
    if found is None:
        return False
    statement, structure = found
    query = kept.select(queryset)
    text, params = query.get_compiler(connection=connection).as_sql()
    assert statement.text(structure.members, structure.limits) == text
    assert _are_same(statement.parameters(structure.params), tuple(params))
    return True


@pytest.mark.django_db
@settings(
    max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(st.data())
def test_kept_statements_are_djangos(data):
    make = data.draw(makers())
    instances = Kept(lambda queryset: queryset.query.clone())
    rows = Kept(lambda queryset: widened(queryset, ("pk", "title", "author__last_name")).query)
    for number in range(4):
        books = make(data.draw)
        check(instances, books)
        if not books.query.distinct and books.query.group_by is None:
            check(rows, make(data.draw))
        if number == 0:
            assert structure_of(books.query, connection, "default") is not None or not used(books)


def used(queryset):
    """Whether Django would run the query at all, and its conditions are on rows alone."""
    try:
        str(queryset.query)
    except EmptyResultSet:
        return False
    return not queryset.query.where.contains_aggregate


@pytest.mark.django_db
def test_most_ordinary_queries_are_kept():
    makes = [
        lambda n: Book.objects.filter(title=f"t{n}").order_by("pk"),
        lambda n: Book.objects.filter(published__year=2020 + n),
        lambda n: Book.objects.annotate(n=Count("tags")).filter(title__contains=str(n)),
        lambda n: Book.objects.filter(author__in=Author.objects.filter(pk=n)),
        lambda n: Tag.objects.filter(books__in=[n, n + 1]).distinct(),
        lambda n: Book.objects.annotate(one=Value(7)).filter(pk=n)[:n],
        lambda n: Book.objects.annotate(m=TruncMonth("published")).order_by("m"),
    ]
    for make in makes:
        kept = Kept(lambda queryset: queryset.query.clone())
        assert [check(kept, make(number)) for number in (1, 2, 3)] == [False, False, True]


@pytest.mark.django_db
def test_the_time_zone_is_part_of_the_structure():
    kept = Kept(lambda queryset: queryset.query.clone())
    books = Book.objects.annotate(m=TruncMonth("published"))
    for zone in ("Europe/London", "Asia/Tokyo") * 3:
        with timezone.override(zone):
            check(kept, books.all())


@pytest.mark.django_db
def test_constants_that_equal_a_parameter_do_not_mislead():
    kept = Kept(lambda queryset: queryset.query.clone())
    for number in (7, 7, 7, 1, 2, 7, True):
        check(kept, Book.objects.annotate(one=Value(7)).filter(pk=number))
    assert check(kept, Book.objects.annotate(one=Value(7)).filter(pk=3))


@pytest.mark.parametrize("value", [1.0, Decimal("1.0"), Decimal("1.00"), True, 1, "1"])
@pytest.mark.django_db
def test_values_that_are_equal_are_not_the_same(value):
    keys = {
        structure_of(
            Book.objects.annotate(one=Value(one, IntegerField())).query, connection, "default"
        ).key
        for one in (value, 1)
    }
    assert len(keys) == (1 if type(value) is int else 2)
