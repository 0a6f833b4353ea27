"""Bad input: what fails fails as with Django, and leaves the connection usable."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.template import engines

from tests.jitapp.models import Book, Country, Ghost, Haunted, Note, Shelf
from tests.oracle import CONFIGURATIONS, assert_same

FIRST = "{% for b in books %}{{ b.title }}{{ b.author.last_name }}{% endfor %}"
FAILING = [
    "{% for g in ghosts %}{{ g.name }}{% endfor %}",
    "{% if ghosts %}{% endif %}",
    "{{ ghosts|length }}",
    "{{ ghosts.count }}",
    "{{ ghosts.first.name }}",
    "{% for h in haunted %}{{ h.ghost.name }}{% endfor %}",
    "{% for h in listed %}{{ h.ghost.name }}{% endfor %}",
    "{% for h in haunted %}{{ h.spirit }}{% endfor %}",
    "{% for h in listed %}{{ h.spirit }}{% endfor %}",
    "{% for w in wrong %}{{ w.title }}{{ w.author.last_name }}{% endfor %}",
]
GONE = [
    "{% for s in READ %}{{ s.loose.name }}{% if s.loose %}y{% endif %}{{ s.loose_id }}{% endfor %}",
    "{% for s in READ %}[{% for a in s.loose.authors.all %}{{ a }}{% endfor %}]{% endfor %}",
    "{{ READ.0.loose.name }}{{ READ.1.loose }}{{ READ.2.loose.name }}",
]
UNTAKEN = [
    "{% if none %}{% for g in ghosts %}{{ g.name }}{% endfor %}{% endif %}",
    "{% for h in haunted %}{% if none %}{{ h.ghost.name }}{% endif %}{{ h.pk|yesno }}{% endfor %}",
    "{% for h in listed %}{% if none %}{{ h.ghost.name }}{% endif %}{{ h.pk|yesno }}{% endfor %}",
]
DANGLING = [
    "{% for s in shelves %}[{{ s.loose.name }}{% if s.loose %}y{% endif %}]{% endfor %}",
    "{% for s in shelves %}[{{ s.loose_id }}{{ s.loose.pk }}]{% endfor %}",
    "{% for n in notes %}[{{ n.subject }}{{ n.subject.name }}]{% endfor %}",
    "{% for b in books %}{{ b.nothing }}{{ b.author.nothing.more }}{{ b.tags.no }}{% endfor %}",
    "{{ books.nothing }}{{ nothing.books }}{% for x in books.nothing %}x{% endfor %}",
]  # fmt: skip


def context():
    return {
        "books": Book.objects.order_by("pk"),
        "ghosts": Ghost.objects.all(),
        "haunted": Haunted.objects.order_by("pk"),
        "listed": list(Haunted.objects.order_by("pk")),
        "wrong": Book.objects.extra(where=["no_such_column = 1"]),
        "shelves": Shelf.objects.order_by("pk"),
        "notes": Note.objects.order_by("pk"),
    }


@pytest.fixture
def house(library: None) -> None:
    for at in range(1, 4):
        Haunted.objects.create(ghost_id=at)
    country = Country.objects.first()
    for key in (country.pk, 99_999, None, 99_999):
        Shelf.objects.create(loose_id=key)
    for book in Book.objects.order_by("pk")[:2]:
        Note.objects.create(subject=book, text="n")
    Note.objects.filter(pk=Note.objects.last().pk).update(object_id=99_999)


def failure(name: str, source: str) -> str:
    """The class of the error that a page raises within a transaction of its own."""
    template = engines[name].from_string(FIRST + source + FIRST)
    with pytest.raises(DatabaseError) as raised, transaction.atomic():
        template.render(context())
    assert Book.objects.count() == 8
    return type(raised.value).__name__


@pytest.mark.parametrize("source", FAILING)
def test_an_error_of_the_database_in_the_middle_of_a_page(house, source):
    assert failure("django", source) == failure("oracle", source)
    assert engines["django"].from_string(FIRST).render(context())


@pytest.mark.parametrize("source", UNTAKEN + DANGLING)
def test_what_is_not_there(house, source):
    chosen = [CONFIGURATIONS[0], CONFIGURATIONS[-1]]
    assert_same(FIRST + source + FIRST, context, configurations=chosen)


def after(name: str, source: str) -> tuple[str, bool, str]:
    """The error of a page, whether its transaction is lost, and what a query then gives."""
    template, found = engines[name].from_string(FIRST + source), []
    with transaction.atomic():
        try:
            template.render(context())
        except DatabaseError as error:
            found += [type(error).__name__, connection.needs_rollback]
        try:
            found.append(str(Book.objects.count()))
        except DatabaseError as error:
            found.append(type(error).__name__)
        transaction.set_rollback(True)
    return tuple(found)


@pytest.mark.parametrize("source", FAILING)
def test_a_transaction_after_an_error(house, source):
    """PostgreSQL refuses what comes after an error: with us as with Django, until the rollback."""
    ours, django = (after(name, source) for name in ("django", "oracle"))
    assert ours == django
    assert ours[2] == ("8" if connection.vendor == "sqlite" else "InternalError")
    assert Book.objects.count() == 8


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("source", FAILING)
def test_an_error_outside_of_a_transaction(house, source):
    assert not connection.in_atomic_block
    found = []
    for name in ("django", "oracle"):
        with pytest.raises(DatabaseError) as raised:
            engines[name].from_string(FIRST + source).render(context())
        found.append(type(raised.value))
        assert Book.objects.count() == 8
        engines[name].from_string(FIRST).render(context())
    assert found[0] is found[1]
    assert connection.is_usable() and not connection.needs_rollback


@pytest.mark.parametrize("source", GONE)
@pytest.mark.parametrize("read", ["shelves", "seen"])
def test_a_row_that_goes_between_the_page_and_its_relation(house, source, read):
    """What the view has fetched refers to a row that was deleted since."""

    def gone():
        shelves = list(Shelf.objects.order_by("pk"))
        Country.objects.filter(pk__in=[one.loose_id for one in shelves]).delete()
        return {"shelves": Shelf.objects.order_by("pk"), "seen": shelves}

    Shelf.objects.filter(loose=None).update(loose=Country.objects.last())
    chosen = [CONFIGURATIONS[0], CONFIGURATIONS[-1]]
    assert_same(source.replace("READ", read), gone, configurations=chosen)
