"""``redis``: a server that a test may do anything to; ``visitor``: pages that ask for plans;
``site``: the sample site, on PostgreSQL where DJUST_DATABASE names one; ``project``: served.

Tests of the server are only collected where DJUST_REDIS says that there is a Redis: see
``scripts/with-redis``, by which the tox environments ``servers-…`` run them. Those of a small file
system are collected where one may be mounted.
"""

import os

import pytest

from benchmarks.load.sites import sample_database
from tests.faults.files import may_mount
from tests.faults.pages import Visitor
from tests.faults.servers import RedisServer
from tests.faults.workers import PATHS, Project, snippet
from tests.jit.conftest import library
from tests.sample_site.conftest import Site
from tests.sample_site.conftest import site as site_in_a_file

__all__ = ["library", "site_in_a_file"]

collect_ignore_glob = [] if os.environ.get("DJUST_REDIS") else ["test_redis*.py"]
collect_ignore = [] if may_mount() else ["test_mounted.py"]


@pytest.fixture
def redis(tmp_path):
    """A running Redis; whatever becomes of it, it is gone at the end."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def site(request):
    """The sample site, on the server that DJUST_DATABASE names, or in a file."""
    if not os.environ.get("DJUST_DATABASE"):
        yield request.getfixturevalue("site_in_a_file")
        return
    with sample_database() as url:
        yield Site(url)


@pytest.fixture
def visitor(library):
    return Visitor()


@pytest.fixture(scope="session")
def expected(site):
    """The pages as Django renders them."""
    visited = site.visit(*PATHS, engine="django")
    return {path: visited[path]["body"].encode() for path in PATHS}


@pytest.fixture
def project(site, tmp_path):
    """A project to be served, without a warm-up."""
    made = Project(tmp_path, site.environment("djust") | {"DJUST_SAMPLE_DEBUG": "0"})
    plain = {name: snippet(f"{name}.py") for name in ("wsgi", "asgi")}
    made.write(**{name: code.partition("\nfrom djust_engine")[0] for name, code in plain.items()})
    return made
