"""Every page answers, and its body is the same with either engine."""

import pytest

from .conftest import ENGINES

PAGES = {
    "/": ["Harbour", "<strong>25</strong>", "Rope &amp; Twine House 1", "vacant"],
    "/leases/": ["Page 1 of 20", "L-00097", "1,000 leases"],
    "/leases/?page=20": ["Page 20 of 20", "L-01000"],
    "/leases/1/": ["csrfmiddlewaretoken", "Mina Santos", "£3,190.00"],
    "/properties/1/": ["Kitchen tap drips", "&lt;estate agents&gt;", "L-00001"],
    "/properties/3/": ["Nobody at the moment."],
    "/blog/": ["100 posts", "/media/avatars/", "3 comments"],
    "/blog/damp-a-short-history-93/": ["Damp: a short history (93)", "3 comments"],
    "/people/mina/": ["House manager", "Guarantor", "mina@mail.example"],
    "/people/ada/": ["Ada is not a tenant of ours."],
}
ADMIN_PAGES = [
    "/admin/",
    "/admin/rentals/lease/",
    "/admin/rentals/lease/?status__exact=active&q=Loft",
    "/admin/rentals/lease/1/change/",
    "/admin/rentals/lease/1/delete/",
    "/admin/rentals/lease/1/history/",
    "/admin/rentals/property/1/change/",
    "/admin/rentals/maintenancerequest/",
    "/admin/blog/post/add/",
    "/admin/blog/post/100/change/",
    "/admin/accounts/profile/",
    "/admin/auth/user/2/change/",
]


@pytest.fixture(scope="module")
def visits(site):
    return {engine: site.visit(*PAGES, "/admin/login/", engine=engine) for engine in ENGINES}


@pytest.fixture(scope="module")
def admin_visits(site):
    return {engine: site.visit("--admin", "/", *ADMIN_PAGES, engine=engine) for engine in ENGINES}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("address", PAGES)
def test_page_shows_what_it_is_for(visits, address, engine):
    answer = visits[engine][address]
    assert answer["status"] == 200
    assert [text for text in PAGES[address] if text not in answer["body"]] == []


@pytest.mark.parametrize("address", [*PAGES, "/admin/login/"])
def test_page_is_the_same_with_both_engines(visits, address):
    assert visits["djust"][address] == visits["django"][address]


@pytest.mark.parametrize("address", ["/", *ADMIN_PAGES])
def test_page_for_the_administrator_is_the_same_with_both_engines(admin_visits, address):
    assert admin_visits["django"][address]["status"] == 200
    assert admin_visits["djust"][address] == admin_visits["django"][address]
