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
    "{% for w in wrong %}{{ w.title }}{{ w.author.last_name }}{% endfor %}",
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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("source", FAILING[:1] + FAILING[-1:])
def test_an_error_outside_of_a_transaction(source):
    assert not connection.in_atomic_block
    for name in ("django", "oracle"):
        with pytest.raises(DatabaseError):
            engines[name].from_string(source).render(context())
        assert Book.objects.count() == 0
        engines[name].from_string(FIRST).render(context())
