"""Circles: who reads a relation of one instance fetches it for all, and nobody else notices."""

import copy
import pickle
from threading import Thread

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from djust_engine.jit.peers.circles import FieldsCache, gather
from tests.jitapp.models import (
    Author,
    BaseHidden,
    Book,
    Country,
    LoudAuthor,
    Note,
    Noted,
    Place,
    Profile,
    Remark,
    Restaurant,
    Shelf,
    Visit,
)

pytestmark = pytest.mark.usefixtures("library")


def circle_of(objects):
    return gather(objects, lambda *told: None)


def queries_of(action, *args):
    with CaptureQueriesContext(connection) as queries:
        action(*args)
    return len(queries)


def books():
    return list(Book.objects.order_by("pk"))


class TestSingleRelations:
    def test_a_foreign_key_costs_one_query(self):
        found = books()
        kept = circle_of(found)
        assert queries_of(lambda: [book.author.last_name for book in found]) == 1
        assert kept

    def test_what_lies_below_costs_one_query_a_relation(self):
        found = books()
        kept = circle_of(found)
        assert queries_of(lambda: [str(book.author.country) for book in found]) == 2
        assert kept

    def test_a_missing_key_costs_nothing(self):
        found = [book for book in books() if book.editor_id is None]
        kept = circle_of(found)
        assert queries_of(lambda: [book.editor for book in found]) == 0
        assert kept

    def test_a_one_to_one_is_read_from_both_sides(self):
        authors = list(Author.objects.order_by("pk"))
        kept = circle_of(authors)
        with CaptureQueriesContext(connection) as queries:
            nicks = [one.profile.nick for one in authors if hasattr(one, "profile")]
            assert [one.profile.author is one for one in authors if hasattr(one, "profile")]
        assert (len(nicks), len(queries)) == (5, 1)
        profiles = list(Profile.objects.all())
        kept += circle_of(profiles)
        with CaptureQueriesContext(connection) as queries:
            assert all(one.author.profile is one for one in profiles)
        assert len(queries) == 1

    def test_joined_objects_are_peers_too(self):
        found = list(Book.objects.select_related("author"))
        kept = circle_of(found)
        assert queries_of(lambda: [str(book.author.country) for book in found]) == 1
        assert kept

    def test_prefetched_objects_are_peers_when_they_are_read(self):
        found = list(Book.objects.prefetch_related("comment_set"))
        kept = circle_of(found)
        with CaptureQueriesContext(connection) as queries:
            for book in found:
                assert all(str(comment.author) for comment in book.comment_set.all())
        assert len(queries) <= sum(bool(book.comment_set.all()) for book in found)
        assert kept

    def test_a_key_to_another_column(self):
        for slug in "abc":
            Visit.objects.create(place=Place.objects.create(name=slug.upper(), slug=slug))
        visits = list(Visit.objects.all())
        kept = circle_of(visits)
        assert queries_of(lambda: [visit.place.name for visit in visits]) == 1
        assert [visit.place.name for visit in visits] == ["A", "B", "C"]
        assert kept

    def test_generic_keys_cost_a_query_a_model(self):
        country, noted = Country.objects.first(), Noted.objects.create(name="n")
        for subject in (country, noted, noted, country):
            Note.objects.create(subject=subject, text="t")
        notes = list(Note.objects.order_by("pk"))
        kept = circle_of(notes)
        with CaptureQueriesContext(connection) as queries:
            subjects = [note.subject for note in notes]
        assert subjects == [country, noted, noted, country]
        assert len(queries) == 2
        assert kept

    def test_a_generic_key_without_its_object(self):
        kind = ContentType.objects.get_for_model(Author)
        Note.objects.create(content_type=kind, object_id=4_000, text="gone")
        Note.objects.create(content_type=kind, object_id=Author.objects.first().pk, text="here")
        notes = list(Note.objects.order_by("pk"))
        kept = circle_of(notes)
        assert notes[0].subject is None
        assert notes[1].subject == Author.objects.first()
        assert kept


def test_a_generic_key_that_is_none_of_the_model_raises_as_in_django():
    kind = ContentType.objects.get_for_model(Author)
    for key in ("no number", str(Author.objects.first().pk)):
        Remark.objects.create(content_type=kind, object_id=key)
    remarks = list(Remark.objects.order_by("pk"))
    with pytest.raises(ValueError) as expected:
        str(remarks[0].subject)
    remarks = list(Remark.objects.order_by("pk"))
    kept = circle_of(remarks)
    assert remarks[1].subject == Author.objects.first()
    with pytest.raises(ValueError) as raised:
        str(remarks[0].subject)
    assert str(raised.value) == str(expected.value)
    assert kept


class TestWhatStays:
    def test_only_who_was_read_keeps_the_object(self):
        found = books()
        kept = circle_of(found)
        assert found[0].author
        assert Book.author.is_cached(found[0])
        assert not any(Book.author.is_cached(book) for book in found[1:])
        Author.objects.update(last_name="new")
        kept.clear()
        assert found[0].author.last_name == "L<0>"
        assert found[1].author.last_name == "new"

    def test_nothing_of_ours_is_left(self):
        found = books()
        kept = circle_of(found)
        assert found[0].author
        assert list(found[0].tags.all()) is not None
        kept.clear()
        for book in found:
            assert type(book._state.fields_cache) is dict
            assert "_prefetched_objects_cache" not in vars(book)

    def test_instances_do_not_live_longer(self):
        import gc
        import weakref

        found = books()
        kept = circle_of(found)
        assert found[0].author
        alive = weakref.ref(found[1])
        assert list(found[1].comment_set.all()) is not None
        gc.disable()
        try:
            del found
            kept.clear()
            assert alive() is None
        finally:
            gc.enable()

    def test_assignments_count(self):
        found = books()
        kept = circle_of(found)
        assert found[0].author
        other = Author.objects.get(last_name="L<5>")
        found[1].author = other
        found[2].author_id = other.pk
        assert found[1].author is other
        assert found[2].author == other
        assert queries_of(lambda: setattr(found[3], "author", None)) == 0
        assert queries_of(lambda: setattr(found[4], "editor", None)) == 0
        assert kept

    def test_a_refreshed_instance_reads_anew(self):
        found = books()
        kept = circle_of(found)
        assert found[0].author.last_name == "L<0>"
        Author.objects.update(last_name="new")
        found[0].refresh_from_db()
        Book.author.field.delete_cached_value(found[0]) if Book.author.is_cached(found[0]) else None
        assert type(found[0].tags.all()) is QuerySet
        assert kept


class TestCopies:
    def test_copies_and_pickles_hold_ordinary_dicts(self):
        found = books()
        kept = circle_of(found)
        assert found[0].author
        for made in (
            copy.copy(found[0]),
            copy.deepcopy(found[0]),
            pickle.loads(pickle.dumps(found[0])),
        ):
            assert type(made._state.fields_cache) is dict
            assert made.author.last_name == "L<0>"
            assert list(made.tags.all()) == list(Book.objects.get(pk=made.pk).tags.all())
        assert b"djust" not in pickle.dumps(found)
        assert kept

    def test_the_dicts_look_ordinary(self):
        found = books()
        kept = circle_of(found)
        cache = found[0]._state.fields_cache
        assert isinstance(cache, FieldsCache)
        assert cache == {}
        assert repr(cache) == "{}"
        assert "author" not in cache
        assert cache.get("author") is None
        assert type(cache.copy()) is type(copy.copy(cache)) is type(copy.deepcopy(cache)) is dict
        with pytest.raises(KeyError):
            cache["author"]
        assert kept

    @pytest.mark.parametrize("make", [copy.copy, copy.deepcopy])
    def test_a_copied_queryset_is_its_own(self, make):
        found = books()
        kept = circle_of(found)
        asked = found[3].tags.all()
        made = make(asked)
        assert list(made) == list(Book.objects.get(pk=found[3].pk).tags.all())
        assert list(asked) == list(made)
        assert b"djust" not in pickle.dumps([asked, made, found[2].tags.filter(name="t1")])
        assert kept


class TestWhoDoesNotTakePart:
    def test_a_deleted_row_raises_as_in_django(self):
        country = Country.objects.first()
        for at in range(3):
            Shelf.objects.create(loose=country if at else None)
        Shelf.objects.filter(loose=None).update(loose_id=4_000)
        shelves = list(Shelf.objects.order_by("pk"))
        with pytest.raises(Country.DoesNotExist) as expected:
            str(shelves[0].loose)
        kept = circle_of(shelves)
        with CaptureQueriesContext(connection) as queries:
            for _ in range(2):
                with pytest.raises(Country.DoesNotExist) as raised:
                    str(shelves[0].loose)
            assert shelves[1].loose == shelves[2].loose == country
        assert str(raised.value) == str(expected.value)
        assert len(queries) == 1
        assert kept

    def test_a_base_manager_of_their_own(self):
        for hidden in (False, True):
            target = BaseHidden.objects.create(name="b", hidden=hidden)
            Shelf.objects.create(base_hidden=target)
        shelves = list(Shelf.objects.order_by("pk"))
        kept = circle_of(shelves)
        assert shelves[0].base_hidden.name == "b"
        with pytest.raises(BaseHidden.DoesNotExist):
            str(shelves[1].base_hidden)
        assert kept

    def test_unsaved_and_deferred_instances(self):
        found = [Book(title="new", author=None), *Book.objects.only("title")]
        kept = circle_of(found)
        with pytest.raises(Book.author.RelatedObjectDoesNotExist):
            str(found[0].author)
        assert queries_of(lambda: [book.author for book in found[1:]]) <= 2 * len(found)
        assert Author(pk=1).country is None
        assert kept

    def test_proxies_and_children_of_tables(self):
        authors = list(LoudAuthor.objects.exclude(country=None))
        restaurant = Restaurant.objects.create(name="r", slug="r")
        kept = circle_of([*authors, restaurant])
        assert queries_of(lambda: [str(one.country) for one in authors]) == 1
        assert restaurant.place_ptr.name == "r"
        assert kept

    def test_another_thread_is_left_to_django(self):
        found = books()
        kept = circle_of(found)
        given = []

        def read():
            try:
                given.append(found[1]._state.fields_cache["author"])
            except KeyError:
                given.append("asks Django")

        thread = Thread(target=read)
        thread.start()
        thread.join()
        assert given == ["asks Django"]
        assert kept

    @pytest.mark.skipif(not hasattr(QuerySet, "fetch_mode"), reason="Django 6.1 brought them")
    def test_a_chosen_fetch_mode_is_obeyed(self):
        from django.core.exceptions import FieldFetchBlocked
        from django.db.models import fetch_modes

        found = list(Book.objects.fetch_mode(fetch_modes.FETCH_RAISE))
        kept = circle_of(found)
        with pytest.raises(FieldFetchBlocked):
            str(found[0].author)
        assert kept
