"""`warmup_jit_cache`: pages are requested, their plans stored for others, failures told."""

import json
import os
import subprocess
import sys

import pytest

from tests.sample_site.conftest import ROOT, site

__all__ = ["site"]

HITS = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "sample_site.settings"
import django; django.setup()
from django.test import Client
from djust_engine.decisions import collect
with collect() as made:
    Client().get("/blog/")
print(json.dumps([one.mode for one in made if one.kind == "cache"]))
"""


@pytest.fixture
def warm(site, tmp_path):
    """Runs a program of the sample site with a store of its own."""
    environment = site.environment("djust") | {"DJUST_SAMPLE_CACHE": str(tmp_path / "plans")}

    def run(*arguments, status=0, plans=environment["DJUST_SAMPLE_CACHE"]):
        done = subprocess.run(
            [sys.executable, "-W", "error", *arguments],
            cwd=ROOT,
            env=environment | {"DJUST_SAMPLE_CACHE": plans},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == status, done.stderr or done.stdout
        return done.stdout + done.stderr

    return run


def command(*arguments):
    return "sample_site/manage.py", "warmup_jit_cache", *arguments


def test_the_next_process_finds_the_plans(warm):
    assert set(json.loads(warm("-c", HITS))) == {"miss"}
    printed = warm(*command("/blog/", "--view", "rentals:dashboard"))
    assert "[1/2] /blog/ 200, " in printed and "[2/2] / 200, 3 plans" in printed
    assert "2 of 2 pages" in printed
    assert set(json.loads(warm("-c", HITS))) == {"hit"}


def test_recorded_traffic(warm, tmp_path):
    log = tmp_path / "access.log"
    log.write_text(
        '127.0.0.1 - - [01/Mar/2026] "GET /leases/?page=2 HTTP/1.1" 200 512\n'
        '127.0.0.1 - - [01/Mar/2026] "POST /leases/1/renewal/ HTTP/1.1" 302 0\n'
        '127.0.0.1 - - [01/Mar/2026] "GET /leases/?page=2 HTTP/1.1" 200 512\n'
        '127.0.0.1 - - [01/Mar/2026] "GET /wp-login.php HTTP/1.1" 404 0\n'
        '127.0.0.1 - - [01/Mar/2026] "GET /static/site.css HTTP/2.0" 200 99\n'
        '127.0.0.1 - - [01/Mar/2026] "GET /blog/ HTTP/1.1"\n'
        "/people/mina/\n# a remark\nhttp://localhost/leases/?page=3\n"
    )
    printed = warm(*command("--from", str(log)))
    paths = ("/leases/?page=2", "/blog/", "/people/mina/", "http://localhost/leases/?page=3")
    for number, path in enumerate(paths, 1):
        assert f"[{number}/4] {path} 200" in printed


def test_a_page_that_fails_is_told_and_the_others_are_taken(warm):
    printed = warm(*command("/leases/999999/", "/blog/"), status=1)
    assert "[2/2] /blog/ 200" in printed
    assert "/leases/999999/ failed: 404" in printed and "1 of 2 pages" in printed


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Name pages to request"),
        (["--view", "rentals:lease"], "--view rentals:lease: Reverse for"),
        (["--from", "/nowhere"], "--from /nowhere:"),
        (["--from", os.devnull], f"--from {os.devnull}: no line of it names a page."),
        (["blog/"], "blog/: a path begins with a slash."),
        (["/", "--user", "nobody"], "--user nobody: there is no such user."),
    ],
)
def test_what_cannot_be_requested_is_said(warm, arguments, told):
    assert told in warm(*command(*arguments), status=1)
