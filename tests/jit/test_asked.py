"""``count`` and ``exists`` in templates: Django's answers and Django's SQL, compiled no more."""

import pytest
from django.db import connection
from django.db.models import Count, QuerySet
from django.template import engines
from django.test.utils import CaptureQueriesContext

from djust_engine.guards import UnplannedQuery
from djust_engine.jit.sql import asked
from djust_engine.jit.sql.statements import StatementDiffers
from tests.jitapp.models import Author, Book, Country, Hideable

pytestmark = pytest.mark.usefixtures("library")

SOURCE = "{{ found.count }}|{{ found.exists }}|{% if found.exists %}y{% endif %}"


@pytest.fixture(autouse=True)
def no_statements(monkeypatch):
    for question in asked._QUESTIONS.values():
        monkeypatch.setattr(question, "known", {})


ASKED = [
    lambda n: Book.objects.all(),
    lambda n: Book.objects,
    lambda n: Book.objects.filter(title=f"Book & {n}"),
    lambda n: Book.objects.filter(pk__in=range(1, n + 3)).exclude(title="x"),
    lambda n: Book.objects.filter(tags__name="t1").distinct(),
    lambda n: Book.objects.annotate(n=Count("tags")).filter(title__contains=str(n)),
    lambda n: Book.objects.annotate(n=Count("tags")).filter(n__gt=n),
    lambda n: Book.objects.order_by("pk")[n : n + 2],
    lambda n: Book.objects.values("author"),
    lambda n: Book.objects.filter(pk__in=[]),
    lambda n: Book.objects.none(),
    lambda n: Book.objects.union(Book.objects.all()),
    lambda n: Author.objects.order_by("pk")[n].books,
    lambda n: Author.objects.order_by("pk")[n].books.all(),
    lambda n: Author.objects.prefetch_related("books")[n].books,
    lambda n: Book.objects.order_by("pk")[n].tags,
    lambda n: Book.objects.order_by("pk")[n].friends,
    lambda n: Hideable.objects,
    lambda n: Hideable.everything,
    lambda n: {"count": n, "exists": False},
]


@pytest.mark.parametrize("make", ASKED)
def test_answers_and_sql_are_djangos(make):
    for number in (0, 1, 2, 1, 0):
        outcomes = []
        for engine in ("oracle", "django"):
            found = make(number)
            with CaptureQueriesContext(connection) as queries:
                text = engines[engine].from_string(SOURCE).render({"found": found})
            outcomes.append((text, [one["sql"] for one in queries]))
        assert outcomes[0] == outcomes[1]


def test_after_two_proofs_djangos_method_is_not_called(monkeypatch):
    template = engines["django"].from_string("{{ found.count }}{{ found.exists }}")
    for number in (1, 2):
        template.render({"found": Book.objects.filter(pk=number)})
    for name in ("count", "exists"):
        monkeypatch.setattr(asked._QUESTIONS[name], "ask", None)
    first = Book.objects.order_by("pk")[0]
    assert template.render({"found": Book.objects.filter(pk=first.pk)}) == "1True"


def test_a_method_of_ones_own_is_called():
    class Own(QuerySet):
        def count(self):
            return 42

    assert asked.asked(Own(Book), "count") is None
    assert asked.asked(Own(Book).as_manager(), "count") is None


def test_verify_mode_compares_each_answer(settings):
    for _ in range(3):
        assert asked.asked(Country.objects, "count") == 2
    settings.DJUST_CONFIG = {"VERIFY": "raise"}
    assert asked.asked(Country.objects, "count") == 2
    (statement,) = asked._QUESTIONS["count"].known.values()
    statement.end += " LIMIT 1"
    with pytest.raises(StatementDiffers, match="LIMIT 1"):
        asked.asked(Country.objects, "count")


def test_wrappers_of_others_are_seen_once():
    seen, before = [], list(connection.execute_wrappers)

    def wrapper(execute, sql, params, many, context):
        seen.append(sql)
        return execute(f"{sql} /* noted */", params, many, context)

    for _ in range(4):
        with connection.execute_wrapper(wrapper):
            assert asked.asked(Country.objects, "count") == 2
    assert len(set(seen)) == 1 and "noted" not in seen[0]
    assert connection.execute_wrappers == before


@pytest.fixture
def wrappers():
    """Those of the connection, without what watching queries adds for good."""
    before = list(connection.execute_wrappers)
    yield
    connection.execute_wrappers[:] = before


@pytest.mark.usefixtures("wrappers")
def test_what_a_template_asks_for_by_name_is_not_planned(settings):
    template = engines["django"].from_string("{{ found.count }}")
    for _ in range(3):
        template.render({"found": Country.objects})
    settings.DJUST_CONFIG = {"QUERIES": "forbid"}
    with pytest.raises(UnplannedQuery):
        template.render({"found": Country.objects})
