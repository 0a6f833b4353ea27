"""`warm_up()`: templates compiled and pages requested before a visitor comes; failures are told."""

import json
import subprocess
import sys

import pytest

from tests.sample_site.conftest import ROOT, site

__all__ = ["site"]

PROGRAM = """
import json, logging, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "sample_site.settings"
import django; django.setup()
from django.conf import settings
from django.db import connections
from djust_engine import warm_up
logged = []
class Kept(logging.Handler):
    def emit(self, record):
        logged.append(record.getMessage())
logging.getLogger("djust.jit").addHandler(Kept())
logging.getLogger("django.request").addHandler(logging.NullHandler())
{before}
done = warm_up({arguments})
left = [one.alias for one in connections.all(True) if one.connection is not None]
answer = {{"templates": done.templates, "pages": done.pages, "plans": done.plans, "left": left,
           "failures": dict(done.failures), "logged": logged, "seconds": done.seconds}}
{after}
print(json.dumps(answer))
"""
VISIT = """
from django.test import Client
from djust_engine.decisions import collect
with collect() as made:
    answer["status"] = Client().get("/leases/").status_code
answer["later"] = [one.mode for one in made if one.kind == "cache"]
answer["compiled"] = sum(one.kind == "template" for one in made)
"""


@pytest.fixture
def warmed(site):
    """What a process of the sample site tells after ``warm_up(arguments)``."""

    def run(arguments="", after="", before="", debug="0"):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", PROGRAM.format(**locals())],
            cwd=ROOT,
            env=site.environment("djust") | {"DJUST_SAMPLE_DEBUG": debug},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_all_templates_are_compiled(warmed):
    told = warmed(after=VISIT)
    assert told["templates"] > 100 and told["failures"] == {} and told["logged"] == []
    assert told["compiled"] == 0 and told["status"] == 200
    assert 0 < told["seconds"] < 60


def test_pages_are_requested_and_no_connection_is_left(warmed):
    told = warmed("['base.html'], pages=['/leases/?page=2', '/blog/']", VISIT)
    assert (told["templates"], told["pages"], told["plans"], told["left"]) == (1, 2, 2, [])
    assert set(told["later"]) == {"hit"} and told["compiled"] == 0


def test_what_was_named_and_failed_is_in_the_log(warmed):
    told = warmed("['nowhere.html', 'no*.html', 'rentals/'], ['/leases/999999/']")
    assert told["failures"] == {
        "nowhere.html": "TemplateDoesNotExist: nowhere.html",
        "no*.html": "TemplateDoesNotExist: no*.html",
        "/leases/999999/": "404 Not Found",
    }
    assert told["templates"] > 3 and told["pages"] == 0
    assert told["logged"] == [f"warm_up: {name}: {why}" for name, why in told["failures"].items()]


def test_a_view_that_raises_is_told(warmed):
    before = "from sample_site.rentals import views\nviews.LeaseListView.model = None"
    assert warmed("[], ['/leases/']", before=before)["failures"] == {
        "/leases/": "500 Internal Server Error"
    }
    before += "\nsettings.DEBUG_PROPAGATE_EXCEPTIONS = True"
    assert warmed("[], ['/leases/']", before=before)["failures"]["/leases/"].startswith(
        "ImproperlyConfigured: LeaseListView is missing a QuerySet."
    )


def test_redirects_to_tls_and_hosts_are_no_hindrance(warmed):
    before = """
settings.SECURE_SSL_REDIRECT = True
settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
settings.ALLOWED_HOSTS = [".example.org"]
"""
    told = warmed("[], ['/leases/']", before=before)
    assert (told["pages"], told["plans"], told["failures"]) == (1, 1, {})


def test_it_may_be_called_in_an_event_loop(warmed):
    before = """
import asyncio, djust_engine
outside = warm_up
def warm_up(*arguments):
    async def serve():
        return outside(*arguments)
    return asyncio.run(serve())
"""
    assert warmed("[], ['/leases/']", before=before)["pages"] == 1


def test_a_wrong_setting_is_an_error(warmed):
    before = """
from django.test.utils import override_settings
override_settings(DJUST_CONFIG={"JIT_CACHE_BACKEND": "rediss"}).enable()
from django.core.exceptions import ImproperlyConfigured
outside = warm_up
def warm_up():
    try:
        outside()
    except ImproperlyConfigured as error:
        print(json.dumps(str(error)))
        sys.exit()
"""
    assert "JIT_CACHE_BACKEND" in warmed(before=before)
