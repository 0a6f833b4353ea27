"""The project of the tutorial in a browser."""

import os
import subprocess
import sys

import pytest

from tests.browser.conftest import free_port, wait_for
from tests.product.test_tutorial import ROOT, follow


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The address of the shop, as it stands at the end of the tutorial."""
    directory = tmp_path_factory.mktemp("shop")
    assert list(follow(directory))
    address = f"127.0.0.1:{free_port()}"
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    with subprocess.Popen(
        [sys.executable, "manage.py", "runserver", "--noreload", address],
        cwd=directory,
        env={**environment, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            wait_for(f"http://{address}/")
            yield f"http://{address}"
        finally:
            server.terminate()


def test_the_books_are_shown(page, shop):
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    page.goto(shop)
    items = page.locator("li")
    assert items.count() == 100
    assert items.first.inner_text() == "Book 0 by Author 0, 0.00"
