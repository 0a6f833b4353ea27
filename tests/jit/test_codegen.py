"""Serializers, and the functions that rows call."""

import inspect
from types import SimpleNamespace

import pytest
from django.db.models import CharField, IntegerField
from django.utils.translation import gettext_lazy, override

from djust_engine import compile_serializer, generate_serializer_code, get_serializer_source
from djust_engine.jit.codegen import display_maker, file_maker, group
from tests.jitapp.models import Author, Book, Profile


def serializer(model_name, *paths):
    return compile_serializer(generate_serializer_code(model_name, paths, "to_dict"), "to_dict")


@pytest.fixture
def book(library):
    return Book.objects.get(title="Book & 1")


PATHS = [
    (["title", "price"], {"title": "Book & 1", "price": 1.5}),
    (["author.last_name", "author.country.name"],
     {"author": {"last_name": "L<1>", "country": {"name": "France"}}}),
    (["author.profile.nick", "author.profile.avatar.url"],
     {"author": {"profile": {"nick": "n1", "avatar": {"url": "/media/a1.png"}}}}),
    (["author.profile.picture.url", "author.profile.picture"],
     {"author": {"profile": {"picture": None}}}),
    (["tags.all.name"], {"tags": [{"name": "t0"}]}),
    (["tags.name", "tags.0.pk"], {"tags": [{"name": "t0", "pk": 1}]}),
    (["comment_set.all.author.last_name"], {"comment_set": [{"author": {"last_name": "L<1>"}}]}),
    (["get_status_display", "shout", "by"],
     {"get_status_display": "Out", "shout": "BOOK & 1", "by": "by L<1>"}),
    (["author", "tags"], {"author": "F1 L<1>", "tags": ["t0"]}),
    (["author_id", "extra.k.z"], {"author_id": 2, "extra": {"k": {"z": 1}}}),
    (["delete"], {"delete": None}),
    ([], {}),
]  # fmt: skip


@pytest.mark.parametrize("model_name", ["Book", "jitapp.Book"])
@pytest.mark.parametrize(("paths", "expected"), PATHS)
def test_paths_become_nested_dicts(book, model_name, paths, expected):
    found = serializer(model_name, *paths)(book)
    keys = {"author_id": book.author_id} if "author_id" in expected else {}
    tags = [{**one, "pk": book.tags.get().pk} if "pk" in one else one
            for one in expected.get("tags", ()) if isinstance(one, dict)]  # fmt: skip
    assert found == {**expected, **keys, **({"tags": tags} if tags else {})}


def test_a_relation_that_is_none_gives_none(library):
    to_dict = serializer("Book", "editor.country.name", "author.profile.nick")
    for book in Book.objects.filter(editor=None):
        assert to_dict(book)["editor"] is None
    author = Author.objects.get(last_name="L<3>")
    assert serializer("Author", "profile.nick")(author) == {"profile": None}


def test_an_error_of_the_objects_code_is_raised():
    with pytest.raises(AttributeError):
        serializer("Book", "shout")(SimpleNamespace())


def test_an_unknown_model_is_read_as_it_comes():
    to_dict = serializer("Nobody", "name", "boss.name", "team.all.name", "tags.0.text", "call")
    team = SimpleNamespace(all=lambda: [SimpleNamespace(name="b")])
    tags = [SimpleNamespace(text="x"), SimpleNamespace(text="y")]
    nobody = SimpleNamespace(name="a", boss=None, team=team, tags=tags, call=lambda: 5)
    assert to_dict(nobody) == {
        "name": "a",
        "boss": None,
        "team": [{"name": "b"}],
        "tags": [{"text": "x"}, {"text": "y"}],
        "call": 5,
    }


@pytest.mark.parametrize("path", ["_state", "a.__class__", "a b", "a;b", "class", "", "a..b"])
def test_only_public_names_are_read(path):
    with pytest.raises(ValueError, match="is not a name"):
        generate_serializer_code("Book", [path])


def test_the_same_paths_give_the_same_source():
    one = generate_serializer_code("Book", ["title", "author.last_name", "title"])
    assert one == generate_serializer_code("Book", ["author.last_name", "title"])
    assert "def serialize_book_" in one
    assert one.endswith(
        '    return {"author": None if (v1 := obj.author) is None else'
        ' {"last_name": v1.last_name}, "title": obj.title}\n'
    )


def test_a_serializer_knows_its_source():
    code = generate_serializer_code("Book", ["title"], "to_dict")
    function = compile_serializer(code, "to_dict")
    assert get_serializer_source(function) == code
    assert inspect.getsource(function) in code
    assert get_serializer_source(serializer) == inspect.getsource(serializer)


def test_code_without_the_function_is_an_error():
    with pytest.raises(ValueError, match="defines no function 'other'"):
        compile_serializer(generate_serializer_code("Book", ["title"]), "other")


def _field(field, name="kind"):
    field.set_attributes_from_name(name)
    return field


LABELS = [
    (CharField(choices=[("a", "A"), ("b", gettext_lazy("Yes"))]), "a", "A"),
    (CharField(choices=[("a", "A"), ("b", gettext_lazy("Yes"))]), "b", "Ja"),
    (CharField(choices=[("G", [("a", "A")]), ("b", "B")]), "a", "A"),
    (CharField(choices=[("a", "A")]), "other", "other"),
    (CharField(choices=[("a", "A")], null=True), None, None),
    (CharField(choices=lambda: [("a", "A")]), "a", "A"),
    (IntegerField(choices=[(1, "one")]), 1, "one"),
    (IntegerField(choices=[(1, "one")]), 2, 2),
]


@pytest.mark.parametrize(("field", "value", "label"), LABELS)
def test_a_choice_is_shown_by_its_label_of_now(field, value, label):
    show = display_maker(_field(field))
    with override("de"):
        assert show(value) == label
    assert type(show(value)) is type(label)


@pytest.mark.parametrize("value", ["", None, "a/b.png"])
def test_a_file_is_djangos_own(value):
    profile = Profile(avatar=value)
    file = file_maker(Profile._meta.get_field("avatar"))(value)
    assert type(file) is type(profile.avatar)
    assert (file.name, bool(file), str(file)) == (value, bool(value), str(profile.avatar))
    if value:
        assert file.url == profile.avatar.url


def test_groups_keep_the_order_of_their_rows():
    rows = [(1, "c"), (2, "b"), (1, "a")]
    assert group(rows, 0) == {1: [(1, "c"), (1, "a")], 2: [(2, "b")]}
