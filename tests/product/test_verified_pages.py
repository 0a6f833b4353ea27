"""Verify mode as an oracle: the admin's pages and the sample site's, with VERIFY = "raise"."""

import dataclasses
from typing import Any

import pytest
from django.test import Client, override_settings

from djust_engine import decisions
from tests.admin.conftest import history, library, project
from tests.admin.test_pages import LISTS, NOVELS, PAGES
from tests.sample_site.conftest import Site
from tests.sample_site.test_pages import ADMIN_PAGES
from tests.sample_site.test_pages import PAGES as SITE_PAGES

__all__ = ["history", "library"]


@pytest.fixture
def verified(library: dict[str, Any], history: None) -> Client:
    """A client that is logged in to a project whose pages are verified."""
    client = Client()
    client.force_login(library["user"])
    renderer = "djust_engine.DjustFormRenderer"
    with (
        override_settings(DJUST_CONFIG={"VERIFY": "raise"}, FORM_RENDERER=renderer),
        project("ours"),
    ):
        yield client


def assert_verified(client: Client, address: str) -> None:
    with decisions.collect() as made:
        response = client.get(address)
    assert response.status_code in {200, 302, 404, 405}
    modes = [one.mode for one in made if one.kind == "verify"]
    assert set(modes) <= {"same"}
    assert modes or response.status_code != 200 or "jsi18n" in address


@pytest.mark.parametrize("address", [*(NOVELS + query for query in LISTS), *PAGES])
def test_pages_of_the_admin(verified, address):
    assert_verified(verified, address)


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_pages_of_an_object(verified, library, page):
    assert_verified(verified, f"{NOVELS}{library['novel'].pk}/{page}/")
    assert_verified(verified, f"/admin/auth/user/{library['user'].pk}/{page}/")


def test_a_form_with_errors(verified):
    assert verified.post(NOVELS + "add/", {"title": "<x>"}).status_code == 200


class VerifiedSite(Site):
    """The sample site, which stops at a difference."""

    def environment(self, engine: str, toolbar: bool = False) -> dict[str, str]:
        return super().environment(engine, toolbar) | {"DJUST_SAMPLE_VERIFY": "raise"}


def test_pages_of_the_sample_site(site):
    verified_site = VerifiedSite(**dataclasses.asdict(site))
    visits = verified_site.visit("--admin", *SITE_PAGES, *ADMIN_PAGES, engine="djust")
    plain = site.visit("--admin", *SITE_PAGES, *ADMIN_PAGES, engine="django")
    assert visits == plain
