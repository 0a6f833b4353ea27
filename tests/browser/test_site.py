"""The sample site in a browser: each page without an error on its console, and the compare page."""

import pytest

PAGES = ["/", "/leases/?page=3", "/leases/1/", "/properties/1/", "/blog/", "/people/mina/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page(page, served, path):
    answer = page.goto(served + path)
    assert answer.status == 200
    assert page.locator("h1").inner_text()


def test_the_compare_page_measures(page, served, picture):
    page.set_default_timeout(120_000)
    page.goto(f"{served}/compare/?rounds=1")
    assert "Same bytes" in page.locator(".tiles").inner_text()
    assert page.locator(".versus").count() == 8
    assert page.locator("#djDebug").count() == 0
    picture(page, "compare")
