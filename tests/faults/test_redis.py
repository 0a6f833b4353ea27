"""A Redis that is stopped, paused, restarted and filled: pages are Django's, with local plans.

Each page here needs a plan that this process does not have, so each one asks the server.
"""

import os
import time

import pytest
from django.test import override_settings

from djust_engine.jit.cache import SerializerCache, get_cache
from djust_engine.jit.caching.stores import open_store
from djust_engine.jit.plan import Untouched
from tests.faults.pages import Visitor, cache_modes, warnings_in
from tests.faults.servers import pretender, wait_until

TIMEOUT = 0.4
# What pages may take beside the store, on a machine that is busy: together, and each.
WORK, A_PAGE = 1.0, 0.1
CONFIG = {"JIT_CACHE_BACKEND": "redis", "JIT_CACHE_TIMEOUT": TIMEOUT}


@pytest.fixture
def shared(redis):
    """A process that shares its plans through Redis."""
    with override_settings(DJUST_CONFIG={**CONFIG, "JIT_REDIS_URL": redis.url}):
        yield redis


@pytest.fixture
def patient(redis):
    """The same with time enough for a busy machine, where a test is not about waiting."""
    config = {**CONFIG, "JIT_REDIS_URL": redis.url, "JIT_CACHE_TIMEOUT": 10.0}
    with override_settings(DJUST_CONFIG=config):
        yield redis


def keys(redis):
    """How many plans are in it."""
    pattern = f"djust:plan:{'?' * 64}"
    answer = redis.command("EVAL", f"return #redis.call('KEYS', '{pattern}')", "0")
    return int(answer.decode().lstrip(":"))


def check_latency(visits, waits):
    """All pages together waited for the store no longer than so many times the timeout."""
    spent = sum(visit.seconds for visit in visits)
    assert spent < waits * TIMEOUT + A_PAGE * len(visits) + WORK


def waited_long(visits):
    """The pages that waited for the store, and not only for the processor."""
    return [visit.seconds for visit in visits if visit.seconds > TIMEOUT]


def check_recovery(visitor, redis, before):
    """Without a restart of this process, its plans reach the server again."""

    def is_shared():
        time.sleep(0.1)
        visitor.visit()
        return keys(redis) > before

    wait_until(is_shared, 60)
    assert "error" not in cache_modes(visitor.visits(3))


def test_the_server_that_the_script_started_keeps_plans():
    one, other = (
        SerializerCache(store=open_store("redis", "", os.environ["DJUST_REDIS"]), timeout=10.0)
        for _ in range(2)
    )
    key = one.get_cache_key("tests", "faults")
    one.set(key, Untouched("jitapp.Tag"))
    assert other.get(key) == Untouched("jitapp.Tag")
    one.invalidate(key)
    assert other.get(key) is None


def test_plans_are_shared_while_all_is_well(patient, visitor):
    visitor.visits(3)
    wait_until(lambda: keys(patient) >= 4)
    get_cache().forget()
    assert cache_modes([visitor.visit(number) for number in range(3)]) == ["hit"] * 3


def test_a_server_that_is_down(shared, visitor, caplog):
    shared.stop()
    visits = visitor.visits(20)
    check_latency(visits, waits=3)
    assert "error" in cache_modes(visits) and cache_modes(visits).count("miss") == 20
    assert len(warnings_in(caplog)) == 1
    assert "JIT_REDIS_URL" in warnings_in(caplog)[0]
    assert get_cache().stats().errors > 0
    shared.start()
    check_recovery(visitor, shared, before=0)


def test_a_server_that_was_not_there_at_the_start(redis, library, caplog):
    redis.stop()
    with override_settings(DJUST_CONFIG={**CONFIG, "JIT_REDIS_URL": redis.url}):
        visitor = Visitor()
        visitor.visits(5)
        assert len(warnings_in(caplog)) == 1
        redis.start()
        check_recovery(visitor, redis, before=0)


def test_a_server_that_answers_no_more(shared, visitor, caplog):
    before = keys(shared)
    shared.pause()
    visits = visitor.visits_for(4)
    assert len(visits) > 5 and len(waited_long(visits)) <= 3
    check_latency(visits, waits=3)
    assert len(warnings_in(caplog)) == 1
    assert cache_modes(visits).count("miss") == len(visits)
    shared.resume()
    check_recovery(visitor, shared, before)


def test_a_server_that_is_restarted_between_two_pages(patient, visitor):
    visitor.visit()
    patient.stop()
    patient.start()
    assert "error" not in cache_modes(visitor.visits(3))
    wait_until(lambda: keys(patient) >= 3)


def test_a_server_that_is_full(patient, visitor, caplog):
    number = next(visitor.numbers)
    visitor.visit(number)
    before = keys(patient)
    patient.fill()
    visits = visitor.visits(20)
    check_latency(visits, waits=0)
    assert keys(patient) == before and len(warnings_in(caplog)) == 1
    get_cache().forget()
    assert cache_modes([visitor.visit(number)]) == ["hit"]
    assert patient.command("CONFIG", "SET", "maxmemory", "0") == b"+OK"
    check_recovery(visitor, patient, before)


def test_a_server_that_wants_a_password(shared, visitor, caplog):
    visitor.visit()
    assert shared.command("CLIENT", "KILL", "TYPE", "normal").startswith(b":")
    assert shared.command("CONFIG", "SET", "requirepass", "secret") == b"+OK"
    visits = visitor.visits(5)
    check_latency(visits, waits=1)
    assert len(warnings_in(caplog)) == 1
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    "text", ["", "\\x80\\x04K\\x01.", "null", '{"plan": {}}', '{"format": 1, "key": "other"}']
)
def test_a_store_full_of_rubbish(patient, visitor, text, caplog):
    visitor.visits(5)
    wait_until(lambda: keys(patient) >= 5)
    overwrite = f"for _, key in ipairs(redis.call('KEYS', '*')) do redis.call('SET', key, '{text}')"
    assert patient.command("EVAL", f"{overwrite} end return 1", "0") == b":1"
    get_cache().forget()
    visits = [visitor.visit(number) for number in range(1, 6)]
    assert cache_modes(visits).count("miss") == 5
    assert get_cache().stats().rejected >= 5
    assert len(warnings_in(caplog)) == 1


def test_a_cache_of_django_s_over_the_server(redis, library, caplog):
    backend = "django.core.cache.backends.redis.RedisCache"
    caches = {"default": {"BACKEND": backend, "LOCATION": redis.url}}
    config = {"JIT_CACHE_BACKEND": "django:default", "JIT_CACHE_TIMEOUT": 10.0}
    with override_settings(CACHES=caches, DJUST_CONFIG=config):
        visitor = Visitor()
        number = next(visitor.numbers)
        visitor.visit(number)
        get_cache().forget()
        assert cache_modes([visitor.visit(number)]) == ["hit"]
        redis.stop()
        assert cache_modes(visitor.visits(5)).count("miss") == 5
        assert len(warnings_in(caplog)) == 1
        get_cache().shared.settle(10)


ANSWERS = {
    "nothing": b"",
    "another protocol": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "no end": b"$1000000\r\nabc",
    "zeros": b"\0" * 4096,
    "an error": b"-LOADING Redis is loading the dataset in memory\r\n",
    "a number": b":1\r\n",
    "deep": b"*1\r\n" * 5000,
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_something_else_answers(library, answer, caplog):
    with (
        pretender(ANSWERS[answer]) as url,
        override_settings(DJUST_CONFIG={**CONFIG, "JIT_REDIS_URL": url}),
    ):
        visits = Visitor().visits(10)
    check_latency(visits, waits=3)
    assert cache_modes(visits).count("miss") == 10
    assert len(warnings_in(caplog)) == 1
