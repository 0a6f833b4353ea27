"""``page``: a page of Chromium that notes what its console says; ``served``: the running site.

Only collected where DJUST_CHROMIUM names the browser: see ``scripts/with-chromium``, by which the
tox environment ``browser`` runs these tests. DJUST_SCREENSHOTS names a directory for pictures.
"""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.sample_site.conftest import ROOT, site

__all__ = ["site"]

CHROMIUM = os.environ.get("DJUST_CHROMIUM", "")
if not CHROMIUM:
    collect_ignore_glob = ["test_*.py"]


def free_port():
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


@pytest.fixture(scope="session")
def served(site):
    """The address of the sample site, with its toolbar."""
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "sample_site/manage.py", "runserver", "--noreload", address]
    environment = site.environment("djust", toolbar=True)
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://{address}/")
            yield f"http://{address}"
        finally:
            server.terminate()


def wait_for(url):
    until = time.monotonic() + 60
    while True:
        try:
            with urlopen(url, timeout=30):
                return
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A new page; at its end, nothing may have gone wrong in it."""
    opened = chromium.new_page(viewport={"width": 1400, "height": 900})
    said = []
    opened.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    opened.on("pageerror", lambda error: said.append(f"error: {error}"))
    opened.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
    yield opened
    opened.close()
    assert said == []


@pytest.fixture
def picture():
    """Save a picture of a page or of an element, where pictures are wanted."""

    def save(subject, name):
        directory = os.environ.get("DJUST_SCREENSHOTS")
        path = Path(directory) / f"{name}.png" if directory else None
        taken = subject.screenshot(path=path)
        assert len(taken) > 5_000

    return save
