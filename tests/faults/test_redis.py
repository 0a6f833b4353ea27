"""A Redis that is stopped, restarted and filled: pages are Django's, plans the process's own."""

import os

import pytest
from django.test import override_settings

from djust_engine.jit.cache import SerializerCache
from djust_engine.jit.caching.stores import open_store
from djust_engine.jit.plan import Untouched
from tests.faults.pages import cache_modes


@pytest.fixture
def shared(redis):
    """The settings of a process that shares its plans through Redis."""
    config = {"JIT_CACHE_BACKEND": "redis", "JIT_REDIS_URL": redis.url}
    with override_settings(DJUST_CONFIG=config):
        yield redis


def test_the_server_that_the_script_started_keeps_plans():
    one, other = (
        SerializerCache(store=open_store("redis", "", os.environ["DJUST_REDIS"])) for _ in range(2)
    )
    one.set("tests/faults", Untouched("jitapp.Tag"))
    assert other.get("tests/faults") == Untouched("jitapp.Tag")
    one.invalidate("tests/faults")
    assert SerializerCache(store=other.store).get("tests/faults") is None


def test_a_page_is_served_while_the_server_is_away(shared, visitor):
    assert "error" not in cache_modes(visitor.visits(3))
    shared.stop()
    assert "error" in cache_modes(visitor.visits(3))
    shared.start()
