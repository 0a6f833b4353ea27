"""``redis``: a server that a test may do anything to; ``visitor``: pages that ask for plans.

Tests of the server are only collected where DJUST_REDIS says that there is a Redis: see
``scripts/with-redis``, by which the tox environments ``servers-…`` run them.
"""

import os

import pytest

from tests.faults.pages import Visitor
from tests.faults.servers import RedisServer
from tests.jit.conftest import library
from tests.sample_site.conftest import site

__all__ = ["library", "site"]

if not os.environ.get("DJUST_REDIS"):
    collect_ignore_glob = ["test_redis*.py"]


@pytest.fixture
def redis(tmp_path):
    """A running Redis; whatever becomes of it, it is gone at the end."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def visitor(library):
    return Visitor()
