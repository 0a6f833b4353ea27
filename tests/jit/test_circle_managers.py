"""Related managers of circles: one query for all, and everything else as Django does it."""

import pickle

import pytest
from django.db import connection
from django.db.models import Prefetch, prefetch_related_objects
from django.test.utils import CaptureQueriesContext

from tests.jit.test_circles import books, circle_of, queries_of
from tests.jitapp.models import Author, Comment, Noted, Tag

pytestmark = pytest.mark.usefixtures("library")


class TestManagers:
    @pytest.mark.parametrize("name", ["comment_set", "tags", "sequels", "prequels", "friends"])
    def test_a_manager_costs_one_query(self, name):
        expected = [[one.pk for one in getattr(book, name).all()] for book in books()]
        found = books()
        kept = circle_of(found)
        with CaptureQueriesContext(connection) as queries:
            given = [[one.pk for one in getattr(book, name).all()] for book in found]
        assert given == expected
        assert len(queries) == 1
        assert not any(name in getattr(book, "_prefetched_objects_cache", {}) for book in found)
        assert kept

    def test_objects_of_managers_are_peers(self):
        found = books()
        kept = circle_of(found)
        with CaptureQueriesContext(connection) as queries:
            for book in found:
                for comment in book.comment_set.all():
                    assert comment.book is book
                    assert comment.author.last_name
        assert len(queries) == 2
        assert kept

    def test_objects_look_as_if_they_were_asked_for_alone(self):
        found = books()
        (expected,) = {frozenset(vars(one)) for book in books() for one in book.tags.all()}
        kept = circle_of(found)
        for book in found:
            for one in book.tags.all():
                assert set(vars(one)) - {"_prefetched_objects_cache"} == expected
        assert kept

    def test_what_is_derived_stays_what_it_is(self):
        expected = [self.derived(book) for book in books()]
        count = queries_of(lambda: [self.derived(book) for book in books()])
        found = books()
        kept = circle_of(found)
        assert [self.derived(book) for book in found] == expected
        found = books()
        kept += circle_of(found)
        assert queries_of(lambda: [self.derived(book) for book in found]) <= count - 1

    @staticmethod
    def derived(book):
        tags, comments = book.tags, book.comment_set
        return (
            tags.count(), tags.exists(), tags.first(), tags.last(), comments.count(),
            list(tags.filter(name="t1")), list(comments.order_by("-pk")[:1]), comments.first(),
            list(tags.values_list("name", flat=True)), str(tags.all().query), repr(tags.all()),
            list(comments.all().iterator()), [*comments.all().union(comments.all())],
        )  # fmt: skip

    def test_derived_querysets_give_peers(self):
        found = list(Author.objects.all())
        kept = circle_of(found)
        with CaptureQueriesContext(connection) as queries:
            for author in found:
                assert all(book.editor_id is None or book.editor for book in author.books.filter())
        assert len(queries) <= len(found) + sum(
            1 for one in found if one.books.exclude(editor=None)
        )
        assert kept

    def test_a_queryset_that_was_changed_in_place_is_djangos(self):
        found = books()
        kept = circle_of(found)
        asked = found[3].tags.all()
        asked.query.add_ordering("name")
        assert [tag.name for tag in asked] == ["t0", "t1", "t2"]
        asked = found[2].tags.all()
        asked.query.set_limits(0, 1)
        assert len(asked) == 1
        assert kept

    def test_asked_twice_it_is_fetched_twice(self):
        found = books()
        kept = circle_of(found)
        first = [list(book.comment_set.all()) for book in found]
        Comment.objects.update(text="changed")
        with CaptureQueriesContext(connection) as queries:
            second = [list(book.comment_set.all()) for book in found]
        assert first == second
        assert {one.text for group in second for one in group} == {"changed"}
        assert not {id(one) for group in first for one in group} & {
            id(one) for group in second for one in group
        }
        assert len(queries) == 1
        assert kept

    def test_one_that_asks_again_and_again_asks_alone(self):
        found = books()
        kept = circle_of(found)
        with CaptureQueriesContext(connection) as queries:
            for _ in range(4):
                list(found[2].tags.all())
        assert len(queries) == 4
        assert kept

    def test_changes_through_the_manager_are_seen(self):
        found = books()
        kept = circle_of(found)
        assert [len(book.tags.all()) for book in found[:3]] == [0, 1, 2]
        found[3].tags.clear()
        assert list(found[3].tags.all()) == []
        found[4].tags.add(Tag.objects.first())
        assert len(found[4].tags.all()) == 1
        assert kept

    def test_another_manager_or_database_is_djangos(self):
        found = books()
        kept = circle_of(found)
        assert queries_of(lambda: [len(book.tags.using("default")) for book in found]) == len(found)
        other = [book.comment_set(manager="objects").all() for book in found]
        assert queries_of(lambda: [len(one) for one in other]) == len(found)
        assert kept

    def test_generic_relations(self):
        nouns = [Noted.objects.create(name=name) for name in "ab"]
        for noun in nouns:
            noun.notes.create(text=f"of {noun.name}")
        nouns = list(Noted.objects.order_by("pk"))
        kept = circle_of(nouns)
        with CaptureQueriesContext(connection) as queries:
            texts = [[note.text for note in noun.notes.all()] for noun in nouns]
        assert texts == [["of a"], ["of b"]]
        assert len(queries) == 1
        assert kept

    def test_prefetches_by_others_go_on(self):
        found = books()
        kept = circle_of(found)
        prefetch_related_objects(found, "tags", Prefetch("comment_set", to_attr="remarks"))
        assert queries_of(lambda: [len(book.tags.all()) for book in found]) == 0
        assert all(type(book.remarks) is list for book in found)
        assert b"djust" not in pickle.dumps(found)
        assert kept
