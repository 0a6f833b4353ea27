"""serialize(): nested dicts for as few queries as a template, of values as Python has them."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Count, Prefetch
from django.db.models.functions import Upper
from django.template import Context
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from djust_engine import serialize, untouched
from djust_engine.backends.django import Engine
from djust_engine.decisions import collect
from djust_engine.jit.serialize import _reader
from tests.jit.conftest import JOINS_KEEP_ORDER
from tests.jitapp.models import Author, Book, Comment, Note, Observed, Profile, Shelf

pytestmark = pytest.mark.usefixtures("library")
NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_plans():
    """Each test makes its plans anew."""
    _reader.cache_clear()


def counted(source, paths):
    """What `serialize` gives, the number of queries, and the modes of its plans."""
    with CaptureQueriesContext(connection) as queries, collect() as made:
        found = serialize(source, paths)
    return found, len(queries), [one.mode for one in made if one.kind == "plan"]


def by_hand(book):
    author, editor = book.author, book.editor
    profile = getattr(author, "profile", None)
    return {
        "title": book.title,
        "price": book.price,
        "author": {
            "last_name": author.last_name,
            "country": author.country and {"name": author.country.name},
            "profile": profile and {"nick": profile.nick},
        },
        "editor": editor and {"pk": editor.pk, "country": editor.country and {"code": ""}},
        "tags": [{"name": tag.name} for tag in book.tags.all()],
        "comment_set": [
            {"text": comment.text, "author": {"first_name": comment.author.first_name}}
            for comment in book.comment_set.all()
        ],
    }


HAND_PATHS = [
    "title", "price", "author.last_name", "author.country.name", "author.profile.nick",
    "editor.pk", "editor.country.code", "tags.all.name", "comment_set.text",
    "comment_set.all.author.first_name",
]  # fmt: skip
BOOKS = Book.objects.order_by("pk")
SOURCES = {
    "queryset": (BOOKS.all, 3, "rows"),
    "manager": (lambda: Book.objects, 3, "rows"),
    "list": (lambda: list(BOOKS.all()), 6, "instances"),
    "evaluated": (lambda: evaluated(BOOKS.all()), 6, "instances"),
    "selected": (lambda: list(BOOKS.select_related("author__country")), 6, "instances"),
    "slice": (lambda: BOOKS[:20], 3, "rows"),
    "distinct": (lambda: BOOKS.distinct(), 7, "instances"),
}


def evaluated(queryset):
    len(queryset)
    return queryset


@pytest.mark.parametrize("name", SOURCES)
def test_it_gives_what_is_written_by_hand(name):
    make, most, mode = SOURCES[name]
    found, queries, modes = counted(make(), HAND_PATHS)
    expected = [by_hand(book) for book in Book.objects.order_by("pk")]
    assert sorted(found, key=lambda one: one["title"]) == expected
    if JOINS_KEEP_ORDER:
        assert (queries <= most, modes[:1]) == (True, [mode])
    else:
        assert queries <= 8


@pytest.mark.parametrize(
    "joins", [("author",), ("author__country",), ("author__profile", "editor")]
)
def test_what_is_loaded_is_read_as_it_is(joins):
    books = list(Book.objects.order_by("pk").select_related(*joins))
    paths = ["title", "author.last_name", "author.country.name", "author.profile.nick"]
    hand = [by_hand(book) for book in Book.objects.order_by("pk")]
    found, queries, _ = counted(books, paths[: 2 if joins == ("author",) else None])
    assert [one["author"]["last_name"] for one in found] == [
        one["author"]["last_name"] for one in hand
    ]
    if joins == ("author",):
        assert queries == 0
    else:
        wanted = [(one["author"]["country"], one["author"]["profile"]) for one in hand]
        assert [(one["author"]["country"], one["author"]["profile"]) for one in found] == wanted
        assert queries == 1


def test_one_instance_gives_one_dict():
    book = Book.objects.order_by("pk")[4]
    assert serialize(book, HAND_PATHS) == by_hand(book)


def test_values_stay_those_of_python():
    Book.objects.filter(title="Book & 1").update(published=NOON)
    (book,) = serialize(Book.objects.filter(title="Book & 1"), ["price", "published", "key"])
    hand = Book.objects.get(title="Book & 1")
    assert book == {"price": Decimal("1.50"), "published": hand.published, "key": hand.key}
    assert json.loads(json.dumps(book, cls=DjangoJSONEncoder))["price"] == "1.50"


CODE = ["shout", "by", "get_status_display", "author", "author.get_full_name", "tags", "author_id"]


@pytest.mark.parametrize("make", [BOOKS.all, lambda: list(BOOKS.all())])
def test_methods_properties_choices_and_whole_objects(make):
    found, queries, _ = counted(make(), CODE)
    assert queries <= 3
    for one, book in zip(found, BOOKS.all(), strict=True):
        assert one == {
            "shout": book.shout(),
            "by": book.by,
            "get_status_display": book.get_status_display(),
            "author": {"get_full_name": book.author.get_full_name()},
            "tags": [str(tag) for tag in book.tags.all()],
            "author_id": book.author_id,
        }


@pytest.mark.parametrize("make", [Profile.objects.all, lambda: list(Profile.objects.all())])
def test_files(make):
    found = serialize(make(), ["avatar", "picture.url", "author"])
    hand = [
        {
            "avatar": str(one.avatar),
            "picture": {"url": one.picture.url} if one.picture else None,
            "author": str(one.author),
        }
        for one in Profile.objects.all()
    ]
    assert found == hand
    (first, *_) = serialize(make(), ["avatar.url"])
    assert first == {"avatar": None}


@pytest.mark.parametrize("make", [BOOKS.all, lambda: list(BOOKS.all())])
def test_inside_of_values(make):
    Book.objects.update(published=NOON)
    found = serialize(make(), ["published.year", "extra.k.z", "extra.missing", "title.upper"])
    assert found[1] == {
        "published": {"year": 2024},
        "extra": {"k": {"z": 1}, "missing": None},
        "title": {"upper": "BOOK & 1"},
    }
    assert found[0]["extra"] is None


def test_annotations_and_prefetches_of_the_users_own():
    books = Book.objects.annotate(loud=Upper("title")).order_by("pk")
    assert serialize(books, ["loud"])[0] == {"loud": "BOOK & 0"}
    assert serialize(list(books), ["loud", "pk"])[0]["loud"] == "BOOK & 0"
    counts = Book.objects.annotate(number=Count("tags")).order_by("pk")
    assert [one["number"] for one in serialize(counts, ["number"])][:4] == [0, 1, 2, 3]
    first = Prefetch("comment_set", Comment.objects.filter(text__endswith="0"), to_attr="firsts")
    prefetched = Book.objects.prefetch_related(first).order_by("pk")
    comment = Comment.objects.get(text="c10")
    assert serialize(prefetched, ["firsts"])[1] == {"firsts": [str(comment)]}
    assert serialize(prefetched, ["firsts.text"])[1] == {"firsts": [{"text": "c10"}]}


def test_generic_relations():
    book, author = Book.objects.first(), Author.objects.first()
    for subject in (book, author, book):
        Note.objects.create(subject=subject, text="t")
    found, queries, _ = counted(Note.objects.order_by("pk"), ["text", "subject.pk", "subject"])
    assert [one["subject"] for one in found] == [{"pk": one.pk} for one in (book, author, book)]
    assert queries <= 4


def test_models_that_notice_instances():
    observed = Observed.objects.create(title="o", author=Author.objects.first())
    Shelf.objects.create(observed=observed)
    Shelf.objects.create()
    found, queries, modes = counted(Shelf.objects.order_by("pk"), ["observed.label", "loose.name"])
    assert found == [
        {"observed": {"label": "<o>"}, "loose": None},
        {"observed": None, "loose": None},
    ]
    assert (queries, modes) == (2, ["instances"])


def test_objects_of_several_models_keep_their_order():
    objects = [Author.objects.first(), Book.objects.first(), Author.objects.last()]
    assert serialize(objects, ["pk"]) == [{"pk": one.pk} for one in objects]


def test_a_plan_is_made_once():
    serialize(BOOKS.all(), HAND_PATHS)
    with collect() as made:
        serialize(BOOKS.all(), HAND_PATHS)
    assert ("cache", "hit") in [(one.kind, one.mode) for one in made]
    assert not [one for one in made if one.kind == "plan"]


def test_nothing_in_gives_nothing_out():
    assert serialize([], ["title"]) == []
    assert counted(Book.objects.none(), HAND_PATHS)[:2] == ([], 0)
    assert serialize(BOOKS[:1], []) == [{}]


def test_switches_leave_the_fetching_to_django():
    for books, settings in ((untouched(BOOKS), {}), (BOOKS.all(), {"JIT_SERIALIZATION": False})):
        with override_settings(DJUST_CONFIG=settings):
            found, queries, modes = counted(books, ["title", "author.last_name"])
        assert found[1] == {"title": "Book & 1", "author": {"last_name": "L<1>"}}
        assert (queries, modes) == (9, ["untouched"])


UNKNOWN = [
    ("titel", "jitapp.Book has no attribute 'titel'. Did you mean 'title'?"),
    ("author.last_nam", "jitapp.Author has no attribute 'last_nam' (in 'author.last_nam')."
     " Did you mean 'last_name'?"),
    ("tags.all.nmae", "jitapp.Tag has no attribute 'nmae' (in 'tags.all.nmae')."
     " Did you mean 'name'?"),
    ("author.all.pk", "jitapp.Author has no attribute 'all' (in 'author.all.pk')."
     " Its fields are 'id', 'first_name', 'last_name', 'secret', 'country'."),
    ("tags.zzzzzz", "jitapp.Tag has no attribute 'zzzzzz' (in 'tags.zzzzzz')."
     " Its fields are 'id', 'name'."),
]  # fmt: skip


@pytest.mark.parametrize(("path", "message"), UNKNOWN)
@pytest.mark.parametrize("make", [BOOKS.all, lambda: list(BOOKS.all()), BOOKS.first])
def test_an_unknown_path_names_the_nearest(make, path, message):
    with pytest.raises(FieldError) as raised:
        serialize(make(), ["pk", path])
    assert str(raised.value) == message


@pytest.mark.parametrize("path", ["", "a..b", "_state.db", "author._state", "a b"])
def test_what_is_no_path(path):
    with pytest.raises(ValueError, match="is not a dotted path"):
        serialize(BOOKS.all(), [path])


WRONG = [
    (lambda: BOOKS.values(), "not of values()"),
    (lambda: BOOKS.values_list("pk"), "not of values()"),
    (lambda: [1], "not int"),
    (lambda: 5, "not int"),
    (lambda: [{"pk": 1}], "not dict"),
]


@pytest.mark.parametrize(("make", "said"), WRONG)
def test_what_has_no_instances(make, said):
    with pytest.raises(TypeError) as raised:
        serialize(make(), ["pk"])
    assert said in str(raised.value)


def test_a_string_is_no_list_of_paths():
    with pytest.raises(TypeError, match="not the string 'title'"):
        serialize(BOOKS.all(), "title")


TEMPLATE = (
    "{% for book in books %}{{ book.title }}|{{ book.author.last_name }}|"
    "{{ book.author.country.name }}|{{ book.get_status_display }}|{{ book.shout }}|"
    "{% for tag in book.tags.all %}{{ tag.name }},{% endfor %}\n{% endfor %}"
)


def test_a_template_of_the_same_paths_prints_the_same_for_as_many_queries():
    paths = ["title", "author.last_name", "author.country.name", "get_status_display", "shout",
             "tags.name"]  # fmt: skip
    with CaptureQueriesContext(connection) as rendered:
        text = (
            Engine(autoescape=False)
            .from_string(TEMPLATE)
            .render(Context({"books": BOOKS.all()}, autoescape=False))
        )
    found, queries, _ = counted(BOOKS.all(), paths)
    lines = [
        "|".join(
            [
                one["title"],
                one["author"]["last_name"],
                (one["author"]["country"] or {"name": ""})["name"],
                one["get_status_display"],
                one["shout"],
                "".join(f"{tag['name']}," for tag in one["tags"]),
            ]
        )
        for one in found
    ]
    assert text == "".join(f"{line}\n" for line in lines)
    assert queries == len(rendered)
