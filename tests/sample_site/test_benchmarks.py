"""The benchmarks run, and every variant gives the same bytes; their times are nobody's business."""

import json

import pytest

from benchmarks.databases import NoDatabase, database

PAGES = [
    "leases, 1,000 rows",
    "leases, dates and decimals",
    "journal, 100 posts",
    "dashboard, 45 rows",
    "profile",
    "JSON of leases",
    "JSON of a blog",
]


@pytest.fixture(scope="module")
def queries(site):
    return json.loads(site.run("-m", "benchmarks", "--check"))


@pytest.mark.parametrize("title", PAGES)
def test_ours_runs_no_more_queries_than_code_written_by_hand(queries, title):
    # Of one instance, the view's own query is one, its relations are another.
    most = 2 if title == "profile" else queries[title]["hand"]
    assert queries[title]["ours"] <= most


def test_a_context_that_is_not_read_costs_no_query(queries):
    assert queries["unread rows, unread QuerySet"] == {"empty": 0, "ours": 0}


def test_each_shape_of_template_has_a_ratio_of_its_own(queries):
    shapes = ["integers", "strings", "objects", "static markup", "extends", "form", "as_p", "page"]
    assert [shape for shape in shapes if not any(shape in title for title in queries)] == []


def test_a_fresh_process_is_measured(site):
    table = site.run("-m", "benchmarks.cold", "--rounds", "1")
    head, *rows = table.splitlines()
    assert head.split("  ")[-1].strip() == "without app"
    names = ["setup", "app", "first", "sum", "warm", "compile", "memory"]
    assert [row.split()[0] for row in rows] == names


def test_one_case_is_measured(site):
    output = site.run("-m", "benchmarks", "--rounds", "1", "--only", "integers", "--json")
    (figures,) = json.loads(output)
    assert figures["case"] == "1000x10 integers"
    assert figures["ratios"].keys() == figures["ratios_changed"].keys() == {"django"}


def test_the_table_names_the_limits(site):
    table = site.run("-m", "benchmarks", "--rounds", "1", "--only", "dashboard")
    assert "dashboard, 45 rows" in table
    assert "≤0.2" in table


def test_what_a_row_costs_is_measured(site):
    lines = site.run("-m", "benchmarks.scale", "--rounds", "1").splitlines()
    heads = [line.split()[0] for line in lines]
    assert heads == ["rows", "10", "100", "1,000", "10,000", "bytes"]
    assert float(lines[-1].split()[-1]) < 1 / 3


def test_what_a_hit_costs_is_measured(site):
    told = site.run("-m", "benchmarks.load.hits", "--templates", "10")
    assert "20,000 hits by 16 threads while the lock of the memory was held" in told
    assert "found in the cache" in told and told.splitlines()[-1].split()[0] == "10"


def test_a_server_that_is_missing_is_named(monkeypatch):
    monkeypatch.delenv("DJUST_DATABASE", raising=False)
    with pytest.raises(NoDatabase, match="DJUST_DATABASE names none"):
        database("postgresql")
    monkeypatch.setenv("DJUST_DATABASE", "postgresql://me:a%40b@host:5433/one")
    settings = database("postgresql")
    assert (settings["HOST"], settings["PORT"], settings["PASSWORD"]) == ("host", "5433", "a@b")
