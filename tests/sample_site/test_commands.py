"""The commands of ``make demo``, and the page that shows what they print."""

import pytest

from .conftest import ENGINES


@pytest.mark.parametrize("engine", ENGINES)
def test_the_site_passes_the_system_checks(site, engine):
    assert "no issues" in site.manage("check", engine=engine)


def test_migrations_are_complete(site):
    assert "No changes" in site.manage("makemigrations", "--check", "--dry-run", engine="django")


def test_loading_again_gives_the_same_rows(site):
    apps = ["auth.user", "accounts", "rentals", "blog"]
    before = site.manage("dumpdata", *apps, engine="django")
    counts = site.manage("load_sample_data", "--today", "2026-03-01", engine="django")
    assert site.manage("dumpdata", *apps, engine="django") == before
    assert "1,000 Lease" in counts


def test_compare_prints_a_table(site):
    table = site.manage("compare", "--rounds", "1")
    assert "DIFFERENT" not in table
    assert table.count("equal") == 7


def test_compare_refuses_no_rounds(site):
    site.run("sample_site/manage.py", "compare", "--rounds", "0", status=1)


def test_compare_page_shows_bars(site):
    address = "/compare/?rounds=1"
    answer = site.visit(address, engine="djust")[address]
    assert answer["status"] == 200
    assert "Same bytes" in answer["body"]
    assert answer["body"].count("bar bar-djust") == 14
    assert "showcase/includes/bar.html" in answer["templates"]


def test_a_lease_can_be_told_to_renew(site):
    """The form of the lease page, token and all, through a client that checks CSRF."""
    site.run("-m", "tests.sample_site.renew")
