"""Statements that are sent without Django's cursor wrappers: only where nobody could tell."""

import asyncio
import threading

import pytest
from django.apps import apps
from django.core.exceptions import SynchronousOnlyOperation
from django.db import DatabaseError, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.transaction import TransactionManagementError
from django.template import engines
from django.test.utils import CaptureQueriesContext

from djust_engine.jit.sql import cursors
from djust_engine.jit.sql.cursors import execute, is_unobserved
from tests.jitapp.models import Author, Book

pytestmark = pytest.mark.usefixtures("library")

TITLES = "SELECT title FROM jitapp_book WHERE title LIKE '%%_1' AND id >= %s ORDER BY id"


@pytest.fixture
def connection():
    return connections["default"]


def by_django(connection, text, params):
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return list(cursor.fetchall())


@pytest.mark.parametrize(
    ("text", "params"),
    [
        (TITLES, (0,)),
        ("SELECT COUNT(*), '%%s', 'a ? b' FROM jitapp_book", ()),
        ("SELECT id, price, published FROM jitapp_book WHERE title = %s", ("Book & 1",)),
    ],
)
def test_rows_are_those_of_djangos_cursor(connection, text, params):
    assert is_unobserved(connection)
    assert execute(connection, text, params) == by_django(connection, text, params)


def test_a_connection_that_is_closed_is_left_to_django(connection, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(connection, "connection", None)
        assert not is_unobserved(connection)


def test_execute_wrappers_see_it(connection):
    seen = []

    def see(run, *args):
        seen.append(args[0])
        return run(*args)

    with connection.execute_wrapper(see):
        execute(connection, TITLES, (0,))
    assert seen == [TITLES]


def test_logged_queries_have_it(connection, settings):
    with CaptureQueriesContext(connection) as captured:
        execute(connection, TITLES, (0,))
    assert len(captured) == 1
    settings.DEBUG = True
    connection.queries_log.clear()
    execute(connection, TITLES, (0,))
    assert len(connection.queries) == 1


@pytest.mark.parametrize("name", ["execute", "_execute", "_execute_with_wrappers"])
def test_a_method_that_somebody_replaced_is_called(connection, monkeypatch, name):
    calls, own = [], getattr(CursorWrapper, name)

    def replaced(self, *args, **kwargs):
        calls.append(name)
        return own(self, *args, **kwargs)

    execute(connection, TITLES, (0,))
    monkeypatch.setattr(CursorWrapper, name, replaced)
    execute(connection, TITLES, (0,))
    assert calls == [name]


@pytest.mark.parametrize("name", ["cursor", "create_cursor", "make_cursor", "_prepare_cursor"])
def test_so_is_one_of_the_connection(connection, monkeypatch, name):
    calls, own = [], getattr(connection, name)

    def replaced(*args, **kwargs):
        calls.append(name)
        return own(*args, **kwargs)

    monkeypatch.setattr(connection, name, replaced)
    execute(connection, TITLES, (0,))
    assert calls == [name]


def test_a_connection_class_of_somebody_else_is_asked_for_its_cursor(connection, monkeypatch):
    kind = type("DatabaseWrapper", (type(connection),), {"__module__": "prometheus.sqlite3.base"})
    with monkeypatch.context() as patched:
        patched.setattr(connection, "__class__", kind)
        assert not is_unobserved(connection)


def test_errors_are_djangos(connection):
    text = "SELECT nothing FROM jitapp_nowhere WHERE id = %s"

    def error_of(run):
        connection.errors_occurred = False
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            run(connection, text, (1,))
        error, flag = caught.value, connection.errors_occurred
        return type(error), str(error), type(error.__cause__), flag

    assert error_of(execute) == error_of(by_django)
    assert len(execute(connection, TITLES, (0,))) == 1


def test_wrong_numbers_of_parameters_are_djangos_errors(connection):
    def error_of(run):
        with pytest.raises(Exception) as caught, transaction.atomic():
            run(connection, TITLES, (1, 2))
        return type(caught.value), str(caught.value)

    assert error_of(execute) == error_of(by_django)


def test_a_broken_transaction_refuses_it(connection):
    with transaction.atomic():
        connection.needs_rollback = True
        with pytest.raises(TransactionManagementError):
            execute(connection, TITLES, (0,))
        connection.needs_rollback = False


def test_another_thread_is_refused(connection):
    errors = []

    def run():
        try:
            execute(connection, TITLES, (0,))
        except DatabaseError as error:
            errors.append(error)

    shared = connection._thread_sharing_count
    connection._thread_sharing_count = 0
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    connection._thread_sharing_count = shared
    assert len(errors) == 1


def test_an_event_loop_is_refused(connection):
    async def run():
        execute(connection, TITLES, (0,))

    with pytest.raises(SynchronousOnlyOperation):
        asyncio.run(run())


def test_queries_before_the_apps_are_ready_are_warned_of(connection, monkeypatch):
    with monkeypatch.context() as patched, pytest.warns(RuntimeWarning, match="initialization"):
        patched.setattr(apps, "ready", False)
        execute(connection, TITLES, (0,))


def test_a_connection_is_checked_before_its_first_query(connection, monkeypatch):
    monkeypatch.setattr(connection, "health_check_enabled", True)
    monkeypatch.setattr(connection, "health_check_done", False)
    execute(connection, TITLES, (0,))
    assert connection.health_check_done


PAGE = (
    "{% for b in books %}{{ b.author.last_name }}{% for t in b.tags.all %}{{ t.name }}"
    "{% endfor %}{% endfor %}{{ book.author.country.name }}"
)


def test_pages_send_what_they_send_through_djangos_cursor(connection, monkeypatch):
    page = engines["django"].from_string(PAGE)

    def render():
        return page.render(
            {"books": Book.objects.all(), "book": Book.objects.get(title="Book & 1")}
        )

    first = [render() for _ in range(3)][0]
    sent, seen, own = [], [], cursors._execute_directly

    def note(connection, text, params):
        sent.append((text, params))
        return own(connection, text, params)

    def see(run, text, params, *rest):
        seen.append((text, tuple(params)))
        return run(text, params, *rest)

    monkeypatch.setattr(cursors, "_execute_directly", note)
    assert render() == first
    number = len(sent)
    with connection.execute_wrapper(see):
        assert render() == first
    assert 0 < number == len(sent) and set(sent) < set(seen)


def test_an_empty_table_gives_no_rows(connection):
    assert execute(connection, f"SELECT id FROM {Author._meta.db_table} WHERE id < %s", (0,)) == []
