"""How many queries each page costs: Django's own, and the most that djust_engine may run."""

import json

import pytest

QUERIES = [
    ("Dashboard", 53, 3),
    ("Leases, 50 of 1,000", 152, 2),
    ("One lease", 7, 3),
    ("One property", 32, 5),
    ("Journal, 100 posts", 901, 3),
    ("One post", 11, 5),
    ("One person", 8, 2),
]


@pytest.fixture(scope="module")
def comparisons(site):
    rows = json.loads(site.manage("compare", "--rounds", "1", "--json"))
    return {row["page"]["title"]: row for row in rows}


def test_every_compared_page_stands_in_the_table(comparisons):
    assert list(comparisons) == [title for title, *_ in QUERIES]


@pytest.mark.parametrize(("title", "django", "djust"), QUERIES)
def test_queries(comparisons, title, django, djust):
    row = comparisons[title]
    assert row["equal"]
    assert row["django"]["queries"] == django
    assert row["djust"]["queries"] <= djust
