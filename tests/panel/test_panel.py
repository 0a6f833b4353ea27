"""What the panel stores of the sample site's pages, and shows."""

import json

import pytest
from django.template.loader import render_to_string

from djust_engine.decisions import Decision
from djust_engine.panel.report import make_report, with_sources
from tests.sample_site.conftest import site

__all__ = ["site"]

ROWS = ["/", "/leases/", "/blog/"]
PAGES = [*ROWS, "/showcase/n-plus-one/", "/showcase/left-to-django/", "/people/mina/"]


@pytest.fixture(scope="module")
def visits(site):
    return json.loads(site.run("-m", "tests.panel.visit", *PAGES, toolbar=True))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_with_the_toolbar_is_served(visits, path):
    assert visits[path]["status"] == 200
    assert "djust-panel" in visits[path]["content"]


@pytest.mark.parametrize("path", ROWS)
def test_the_queries_saved_are_those_that_django_runs_more(visits, path):
    visit = visits[path]
    django, ours = visit["queries_of_both"]
    saved = visit["stats"]["saved"]
    assert saved == django - ours > 10
    assert visit["stats"]["exact"] and "up to" not in visit["content"]
    assert visit["subtitle"] == f"{saved} queries saved"


@pytest.mark.parametrize("path", PAGES)
def test_showing_it_runs_no_query(visits, path):
    assert visits[path]["queries_of_content"] == 0


def test_a_site_tells_its_plan_and_what_ran(visits):
    (site,) = visits["/blog/"]["stats"]["sites"]
    assert (site["template"], site["line"], site["variable"]) == ("blog/post_list.html", 4, "posts")
    assert (site["model"], site["mode"], site["cache"]) == ("blog.Post", "rows", "miss")
    assert "author.username" in site["paths"] and "author__username" in site["columns"]
    assert site["joins"] == ["author", "author.profile", "comments.author"]
    assert site["relations"] == ["comments", "tags"]
    assert (site["objects"], site["fetches"]) == (100, 3)
    assert [query["times"] for query in site["queries"]] == [1, 1, 1]
    assert site["seconds"] > 0 and site["django"]


def test_the_cache_of_the_process_is_counted(visits):
    counts = visits["/blog/"]["stats"]["cache"]
    assert counts["misses"] >= 1 and counts["errors"] == counts["rejected"] == 0
    assert "plans in memory" in visits["/blog/"]["content"]


def test_troubles_with_the_store_are_told_and_are_no_site():
    told = Decision("cache", "", mode="error", reason="RedisStore: gone <b>")
    report = make_report([told, told], [])
    assert report["sites"] == []
    assert report["troubles"] == [{"reason": "RedisStore: gone <b>"}]
    assert "RedisStore: gone &lt;b&gt;" in render_to_string(
        "djust_engine/panel/panel.html", with_sources(report)
    )


def test_statements_of_a_site_have_no_values_and_short_lists(visits):
    statements = [query["sql"] for query in visits["/blog/"]["stats"]["sites"][0]["queries"]]
    assert any(" IN (...)" in sql for sql in statements)
    assert not any("%s, %s" in sql for sql in statements)


def test_an_n_plus_one_is_named_with_template_and_line(visits):
    visit = visits["/showcase/n-plus-one/"]
    (one,) = visit["stats"]["unplanned"]
    assert (one["template"], one["line"]) == ("showcase/n_plus_one.html", 13)
    assert (one["text"], one["times"]) == ("{{ lease|open_requests }}", 100)
    assert "rentals_maintenancerequest" in one["sql"]
    assert visit["subtitle"] == "up to 100 queries saved, 100 not planned"
    assert "up to <strong>100</strong> more" in visit["content"]


def test_a_template_that_is_left_to_django_says_why(visits):
    templates = visits["/showcase/left-to-django/"]["stats"]["templates"]
    engines = {one["name"]: one["engine"] for one in templates}
    assert engines["showcase/left_to_django.html"] == "django"
    assert engines["base.html"] == "native"
    assert "{% greeting %}" in templates[0]["reason"]


def test_the_tree_tells_who_rendered_what(visits):
    nodes = visits["/blog/"]["stats"]["nodes"]
    first, depths = nodes[0], [one["depth"] for one in nodes]
    assert (first["template"], first["text"]) == (
        "blog/post_list.html",
        '{% extends "base.html" %}',
    )
    assert depths[0] == 0 and max(depths) >= 4
    tags = next(one for one in nodes if one["text"] == "{% for tag in post.tags.all %}")
    assert (tags["template"], tags["calls"], tags["queries"]) == ("blog/includes/tags.html", 100, 1)
    assert sum(one["queries"] for one in nodes if one["depth"] == 0) == 3


def test_the_serializer_of_a_site_is_shown(visits):
    content = visits["/blog/"]["content"]
    assert "def" in content and "serialize" in content and "djust-source" in content


@pytest.mark.parametrize("path", PAGES)
def test_no_value_of_a_row_is_stored(visits, path):
    """Names of people, addresses and the like stand in no statement and in no plan."""
    stored = json.dumps(visits[path]["stats"])
    for value in ("@example", "Mina", "Harbour", "pbkdf2"):
        assert value not in stored


def test_an_async_request_is_recorded_too(site):
    visits = json.loads(site.run("-m", "tests.panel.visit", "--async", "/blog/", toolbar=True))
    assert visits["/blog/"]["stats"]["queries"] == 3
    assert visits["/blog/"]["stats"]["saved"] == 898
