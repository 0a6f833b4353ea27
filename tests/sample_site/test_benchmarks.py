"""The benchmarks run, and every variant gives the same bytes; their times are nobody's business."""

import json

import pytest


@pytest.fixture(scope="module")
def figures(site):
    return json.loads(site.run("-m", "benchmarks", "--rounds", "1", "--json"))


def test_every_case_is_measured(figures):
    assert [item["case"] for item in figures][:5] == [
        "leases, 1,000 rows",
        "leases, dates and decimals",
        "journal, 100 posts",
        "dashboard, 45 rows",
        "profile",
    ]
    assert all(time > 0 for item in figures for time in item["milliseconds"]["changed"].values())


def test_ours_never_runs_more_queries_than_code_written_by_hand(figures):
    pages = [item["queries"] for item in figures if "hand" in item["queries"]]
    excess = [queries for queries in pages if queries["ours"] > max(queries["hand"], 2)]
    assert len(pages) == 5
    assert excess == []


def test_a_context_that_is_not_read_costs_no_query(figures):
    assert figures[-1]["case"] == "unread rows, unread QuerySet"
    assert figures[-1]["queries"]["ours"] == 0


def test_one_case_can_be_chosen(site):
    table = site.run("-m", "benchmarks", "--rounds", "1", "--only", "integers")
    assert "1000x10 integers" in table
    assert "leases" not in table
