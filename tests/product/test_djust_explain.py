"""`djust_explain` says of a template what is read and how it would be fetched, without a query."""

import json

import pytest

from tests.sample_site.conftest import Site


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory):
    """The sample site over a database that does not exist: a query would be an error."""
    return Site(tmp_path_factory.mktemp("nowhere") / "missing" / "db.sqlite3")


def explain(site, *arguments, status=0):
    return site.run("sample_site/manage.py", "djust_explain", *arguments, status=status)


def explained(site, *arguments):
    document = json.loads(explain(site, *arguments, "--format", "json"))
    return document, {one["name"]: one for one in document["variables"]}


def test_the_variables_of_a_generic_view_are_known(nowhere):
    document, variables = explained(nowhere, "rentals/lease_list.html")
    assert [one["name"] for one in document["templates"]] == [
        "rentals/lease_list.html",
        "base.html",
    ]
    assert all(one["native"] for one in document["templates"])
    page = variables["page_obj"]
    assert (page["model"], page["view"], page["mode"]) == ("rentals.Lease", "LeaseListView", "rows")
    assert page["joins"] == ["property", "tenant", "tenant.user"]
    assert "tenant__user__last_name" in page["columns"]
    assert "model" not in variables["paginator"]


def test_one_object_of_a_detail_view(nowhere):
    _, variables = explained(nowhere, "rentals/property_detail.html")
    one = variables["property"]
    assert (one["model"], one["mode"], one["sql"]) == ("rentals.Property", "instances", [])
    assert "leases" in one["relations"]


def test_a_model_can_be_given(nowhere):
    _, variables = explained(nowhere, "blog/post_list.html", "--var", "posts=blog.Post")
    posts = variables["posts"]
    assert posts["mode"] == "rows"
    assert posts["relations"] == ["comments", "tags"]
    sql, comments, tags = posts["sql"]
    assert sql.startswith("SELECT ") and '"auth_user"."username"' in sql
    assert "password" not in sql
    assert 'FROM "blog_comment"' in comments and '"post_id" IN (%s)' in comments
    assert 'FROM "blog_tag"' in tags and '"post_id" IN (%s)' in tags
    assert posts["serializer"].startswith("# djust_engine serializer")


def test_the_text_tells_the_same(nowhere):
    printed = explain(nowhere, "blog/post_list.html", "--var", "posts=blog.Post")
    for told in (
        "blog/post_list.html: native\n  extends base.html: native",
        "posts: blog.Post\n  reads\n    author\n      get_full_name",
        "likes  (printed, measured)",
        "  a query each, at first touch\n    comments\n    tags",
        "    SELECT ",
        "    def serialize(obj):",
    ):
        assert told in printed


def test_a_template_that_is_left_to_django_says_why(nowhere):
    printed = explain(nowhere, "showcase/left_to_django.html")
    assert "showcase/left_to_django.html: left to Django (" in printed
    assert "{% greeting %}" in printed


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing.html"], "No template is named 'nothing.html'."),
        (["base.html", "--var", "posts=blog.Post"], "base.html reads no variable 'posts'"),
        (["base.html", "--var", "user=blog.Pots"], "a 'Pots' model. Did you mean blog.Post?"),
        (["base.html", "--var", "user=nowhere.Post"], "--var user=nowhere.Post: No installed app"),
        (["base.html", "--var", "user"], "--var user: write NAME=APP.MODEL, such as "),
        (["base.html", "--var", "user="], "--var user=: write NAME=APP.MODEL, such as "),
        (["base.html", "--var", "=blog.Post"], "--var =blog.Post: write NAME=APP.MODEL, such as "),
    ],
)
def test_what_is_not_there_is_said(nowhere, arguments, told):
    with pytest.raises(AssertionError) as failed:
        explain(nowhere, *arguments)
    assert told in str(failed.value)
