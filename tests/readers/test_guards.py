"""DJUST_CONFIG["QUERIES"]: queries of a template that nobody planned are reported, or refused."""

import sys
from threading import Thread

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.models import Count
from django.template import Context, RequestContext, engines
from django.test import RequestFactory, override_settings

from djust_engine import UnplannedQuery, guards, places, policies, queries, running, untouched
from djust_engine.backends.django import Engine
from djust_engine.queries import brief, shape_of
from tests.jitapp.models import Author, Book

pytestmark = pytest.mark.usefixtures("library")

PLANNED = "{% for book in books %}{{ book.title }} {{ book.author.last_name }}{% endfor %}"
UNPLANNED = "<ul>\n{% for time in times %}\n<li>{{ lazy.author.last_name }}{% endfor %}"


def queries_are(mode):
    return override_settings(DJUST_CONFIG={"QUERIES": mode})


def render(source, **context):
    return engines["django"].from_string(source).render(context)


def page(**sources):
    templates = {f"{name}.html": source for name, source in sources.items()}
    loaders = [("django.template.loaders.locmem.Loader", templates)]
    libraries = {"peer_tags": "tests.jitapp.templatetags.peer_tags"}
    return Engine(loaders=loaders, libraries=libraries).get_template("page.html")


def test_what_the_engine_plans_is_never_reported(caplog):
    with queries_are("forbid"):
        assert "L&lt;1&gt;" in render(PLANNED, books=Book.objects.all())
    assert caplog.messages == []


class Lazy:
    """Runs a query of its own at every attribute."""

    def __getitem__(self, name):
        return Author.objects.get(last_name="L<2>", secret="hash")

    def fail(self):
        raise ZeroDivisionError


LOOPED = {
    "rows": lambda: Book.objects.all(),
    "instances": lambda: Book.objects.distinct(),
    "values": lambda: Book.objects.values("title", "author"),
    "grouped": lambda: Book.objects.values("title").annotate(number=Count("tags")),
    "union": lambda: Book.objects.filter(pk=1).union(Book.objects.filter(pk=2)),
}
SOURCES = [
    "{% for book in books %}{{ book.title }}{% endfor %}",
    "{% if books %}{{ books|length }}{% endif %}",
]


@pytest.mark.parametrize("name", LOOPED)
@pytest.mark.parametrize("source", SOURCES)
def test_a_queryset_of_any_kind_may_be_looped(name, source):
    with queries_are("forbid"):
        render(source, books=LOOPED[name]())


ASKED = ["count", "first.title", "0.title", "get.title"]


@pytest.mark.parametrize("what", ASKED)
def test_what_a_template_asks_of_a_queryset_is_not_planned(what):
    with queries_are("forbid"), pytest.raises(UnplannedQuery):
        render(f"{{{{ books.{what} }}}}", books=Book.objects.all())


def test_a_queryset_that_a_switch_leaves_to_django_is_not_planned():
    with queries_are("forbid"), pytest.raises(UnplannedQuery):
        render(PLANNED, books=untouched(Book.objects.all()))


def test_what_is_not_planned_is_not_planned_beside_relations_fetched_for_all():
    """Code is watched for its writes there: what it asks stays its own."""
    source = "{% for book in books %}{{ book.by }}{% endfor %}{{ lazy.author.last_name }}"
    with queries_are("forbid"), pytest.raises(UnplannedQuery, match=r"lazy\.author"):
        render(source, books=list(Book.objects.all()), lazy=Lazy())


def test_a_refusal_names_template_line_statement_and_remedy():
    with queries_are("forbid"), pytest.raises(UnplannedQuery) as raised:
        page(page="{% include 'part.html' %}", part="\n\n{{ lazy.author }}").render(
            Context({"lazy": Lazy()})
        )
    error = raised.value
    assert (error.template, error.line, error.text) == ("part.html", 3, "{{ lazy.author }}")
    first, sql, advice = str(error).splitlines()
    assert first == "part.html:3 {{ lazy.author }} starts a query that was not planned."
    assert sql == error.sql
    assert sql.startswith('SELECT "jitapp_author"."id"') and "LIMIT ?" in sql
    assert "hash" not in sql and "L<2>" not in sql
    assert "select_related" in advice
    assert not getattr(error, "silent_variable_failure", False)


SWALLOWED = [
    "{% if lazy.author == 1 %}{% endif %}",
    "{% if lazy.author and 1 %}{% endif %}",
]


@pytest.mark.parametrize("source", SWALLOWED)
def test_a_refusal_that_the_template_swallows_reaches_the_user(source):
    with queries_are("forbid"), pytest.raises(UnplannedQuery):
        render(source, lazy=Lazy())


def test_a_refusal_goes_before_what_came_of_it():
    class Wrapper(Lazy):
        def __getitem__(self, name):
            try:
                return super().__getitem__(name)
            except UnplannedQuery:
                raise ZeroDivisionError from None

    with queries_are("forbid"), pytest.raises(UnplannedQuery) as raised:
        render("{{ lazy.author }}", lazy=Wrapper())
    assert isinstance(raised.value.__cause__, ZeroDivisionError)


def test_another_exception_is_left_alone():
    with queries_are("forbid"), pytest.raises(ZeroDivisionError):
        render("{{ lazy.fail }}", lazy=type("Fails", (), {"fail": Lazy.fail})())


def test_a_warning_says_how_often_a_node_ran_what(caplog, decisions):
    with queries_are("warn"):
        text = page(page=UNPLANNED).render(Context({"lazy": Lazy(), "times": range(6)}))
    assert text.count("L&lt;2&gt;") == 6
    (warning,) = caplog.records
    assert (warning.name, warning.levelname) == ("djust.jit", "WARNING")
    assert warning.getMessage().startswith(
        "page.html:3 {{ lazy.author.last_name }} ran 6 queries without a plan: SELECT"
    )
    assert warning.djust["times"] == 6
    (made,) = [one for one in decisions if one.kind == "query"]
    assert (made.mode, made.template, made.line) == ("warn", "page.html", 3)
    assert made.variable == "{{ lazy.author.last_name }}"
    assert made.detail["database"] == "default"


BUDGETS = [({"budget": 2}, 2, None), ({"budget": 2}, 3, 3), ({"budget": 0}, 1, 1)]


@pytest.mark.parametrize(("mode", "reads", "refused"), BUDGETS)
def test_a_budget_is_for_a_page(mode, reads, refused, caplog):
    source = "{{ lazy.author }}" * reads
    with queries_are(mode):
        if refused is None:
            render(source, lazy=Lazy())
            render(source, lazy=Lazy())
        else:
            with pytest.raises(UnplannedQuery) as raised:
                render(source, lazy=Lazy())
            said = f": number {refused} of this page, where 2 may be"
            assert (said in str(raised.value)) == (mode["budget"] == 2)
    assert caplog.messages == []


@pytest.mark.parametrize(("reads", "warnings"), [(2, 0), (3, 1)])
def test_a_budget_that_warns(reads, warnings, caplog):
    with queries_are({"budget": 2, "over": "warn"}):
        render("{% for x in times %}{{ lazy.author }}{% endfor %}", lazy=Lazy(), times=range(reads))
    assert len(caplog.messages) == warnings


def test_a_page_that_django_renders_is_guarded_too():
    template = Engine().from_string("{% verbatim\tx %}{% endverbatim\tx %}\n{{ lazy.author }}")
    assert template.fallback is not None
    with queries_are("forbid"), pytest.raises(UnplannedQuery) as raised:
        template.render(Context({"lazy": Lazy()}))
    assert (raised.value.line, raised.value.text) == (2, "{{ lazy.author }}")


def test_code_outside_of_nodes_may_query():
    def processor(request):
        return {"number": Author.objects.count()}

    template = Engine(context_processors=[]).from_string("{{ number }}")
    template.engine.__dict__["template_context_processors"] = (processor,)
    with queries_are("forbid"):
        assert template.render(RequestContext(RequestFactory().get("/"))) == "6"


def test_the_debug_page_shows_the_line():
    with queries_are("forbid"), pytest.raises(UnplannedQuery) as raised:
        Engine(debug=True).from_string("\n{{ lazy.author }}").render(Context({"lazy": Lazy()}))
    assert raised.value.template_debug["line"] == 2
    assert raised.value.template_debug["during"] == "{{ lazy.author }}"


def test_two_threads_do_not_see_each_other(caplog):
    class Other(Lazy):
        def __getitem__(self, name):
            thread = Thread(target=self.query)
            thread.start()
            thread.join()
            return "done"

        def query(self):
            guards_seen.append(running.is_watched())

    guards_seen = []
    with queries_are("forbid"):
        assert render("{{ lazy.author }}", lazy=Other()) == "done"
    assert guards_seen == [False]


@pytest.mark.django_db(transaction=True)
def test_a_render_in_a_task_is_guarded_in_its_thread():
    async def view():
        with pytest.raises(UnplannedQuery):
            await sync_to_async(render)("{{ lazy.author }}", lazy=Lazy())
        return running.is_watched()

    with queries_are("forbid"):
        assert async_to_sync(view)() is False


def test_a_connection_that_opens_in_the_render_is_watched():
    class Reopening(Lazy):
        def __getitem__(self, name):
            connection.execute_wrappers.remove(queries._run)
            connection_created.send(type(connection), connection=connection)
            return super().__getitem__(name)

    with queries_are("forbid"), pytest.raises(UnplannedQuery):
        render("{{ lazy.author }}", lazy=Reopening())


def test_nothing_is_asked_where_all_is_allowed(monkeypatch):
    render("x")
    assert policies.asks_guarded is False
    monkeypatch.setattr(guards, "guarded", None)
    assert render("{{ lazy.author.last_name }}", lazy=Lazy()) == "L&lt;2&gt;"
    assert running.watchers == 0


def test_verify_mode_renders_unguarded():
    with override_settings(DJUST_CONFIG={"QUERIES": "forbid", "VERIFY": "raise"}):
        assert render("{{ lazy.author.last_name }}", lazy=Lazy()) == "L&lt;2&gt;"


SHAPES = [
    ("SELECT 1", "SELECT ?"),
    ('SELECT "t1"."a2" FROM "t1" LIMIT 21', 'SELECT "t1"."a2" FROM "t1" LIMIT ?'),
    ("WHERE a = 'it''s \\' b' AND c = %s", "WHERE a = ? AND c = %s"),
    ("WHERE a = 'open", "WHERE a = ?"),
    ("WHERE a IN (%s, %s, %s)", "WHERE a IN (...)"),
    ("WHERE a IN (1, 2)", "WHERE a IN (...)"),
    ("SELECT $x$se'cret$x$, 1.5", "SELECT ?, ?"),
]


@pytest.mark.parametrize(("sql", "shape"), SHAPES)
def test_a_shape_has_no_values(sql, shape):
    assert shape_of(sql) == shape


BRIEF = [
    ('SELECT "t"."a", "t"."b" FROM "t" LIMIT ?', 'SELECT ... FROM "t" LIMIT ?'),
    ("SELECT DISTINCT a, b FROM t", "SELECT DISTINCT ... FROM t"),
    ("SELECT COUNT(*) FROM (SELECT a FROM t)", "SELECT COUNT(*) FROM (SELECT a FROM t)"),
    ("UPDATE t SET a = %s", "UPDATE t SET a = %s"),
]


@pytest.mark.parametrize(("shape", "told"), BRIEF)
def test_lists_of_columns_are_not_logged(shape, told):
    assert brief(shape) == told


def test_double_quotes_are_texts_for_mysql():
    assert shape_of('SELECT `a` WHERE b = "secret"', True) == "SELECT `a` WHERE b = ?"


def test_the_stack_is_left_alone():
    with running.watched(guards.Guard(None)):
        assert places.find_running() == (None, False)
    assert sys._getframe().f_code is not places._NATIVE
