"""A store that fails, hangs or dawdles costs little, is told once a minute, and comes back."""

import logging
import os
import threading
import time
from contextlib import contextmanager

import pytest

from djust_engine.decisions import collect
from djust_engine.jit.cache import SerializerCache
from djust_engine.jit.caching.guarded import Guarded
from djust_engine.jit.caching.store import Gathered, StoreError

TIMEOUT = 0.1


class Store(Gathered):
    """A store with a fault: ``down``, or so many seconds of ``delay``; ``held`` until set."""

    def __init__(self):
        super().__init__()
        self.down, self.delay, self.calls, self.held = "", 0.0, 0, None

    def _meet(self):
        self.calls += 1
        if self.held is not None:
            self.held.wait(20)
        time.sleep(self.delay)
        if self.down:
            raise StoreError(self.down)

    def get(self, key):
        self._meet()
        return super().get(key)

    def set(self, key, text):
        self._meet()
        super().set(key, text)


class Clock:
    """Seconds that pass as they do, and more when a test says so."""

    def __init__(self):
        self.more = 0.0

    def __call__(self):
        return time.monotonic() + self.more


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def guarded(store, clock):
    return Guarded(store, TIMEOUT, 2, "DJUST_CONFIG['JIT_REDIS_URL']", clock)


@contextmanager
def within(seconds):
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


def wait_until(asked):
    end = time.monotonic() + 10
    while not asked():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_is_set_is_there(guarded, store):
    guarded.set("a", b"text")
    assert store.texts == {"a": b"text"}
    assert guarded.get("a") == b"text"
    guarded.delete("a")
    assert guarded.get("a") is None
    assert guarded.add("a", 1)


def test_one_line_a_minute(guarded, store, clock, caplog):
    store.down = "unplugged"
    with caplog.at_level(logging.WARNING, "djust.jit"), collect() as made:
        for _ in range(50):
            assert guarded.get("a") is None
    assert caplog.messages == [
        "The plan cache Store of DJUST_CONFIG['JIT_REDIS_URL']: unplugged."
        " Pages are served with plans of this process."
    ]
    assert {one.mode for one in made} == {"error"}
    assert guarded.counts["errors"] >= 3
    clock.more += 61
    guarded.get("a")
    wait_until(lambda: len(caplog.messages) == 2)
    assert "times more since the last line" in caplog.messages[1]


def test_after_failures_it_is_left_alone_and_asked_again_until_it_answers(guarded, store, clock):
    store.texts["a"] = b"text"
    store.down = "unplugged"
    for _ in range(10):
        guarded.get("a")
    assert store.calls == 3
    assert guarded.counts["skipped"] == 7
    store.down = ""
    assert guarded.get("a") is None
    clock.more += 2.1
    assert guarded.get("a") is None  # asked in the background
    wait_until(lambda: guarded.get("a") == b"text")


def test_it_is_asked_less_and_less_often_while_it_is_down(guarded, store, clock):
    store.down = "unplugged"
    for _ in range(600):
        guarded.get("a")
        clock.more += 1
        time.sleep(0.001)
    assert store.calls < 40


def test_who_hangs_is_waited_for_once(guarded, store):
    store.held = threading.Event()
    with within(2 * TIMEOUT + 0.2):
        for _ in range(100):
            assert guarded.get("a") is None
            guarded.set("a", b"text")
    assert store.calls <= 3
    store.held.set()


def test_who_dawdles_costs_a_thread_no_more_than_the_timeout_a_second(guarded, store):
    store.delay = TIMEOUT * 0.6
    with within(TIMEOUT + 0.3):
        for number in range(20):
            guarded.get(str(number))
            guarded.set(str(number), b"text")
    assert guarded.counts["skipped"] > 10
    wait_until(lambda: len(store.texts) > 5)  # written all the same


def test_a_store_that_takes_no_writes_is_still_read(guarded, store):
    store.texts["a"] = b"text"
    store.set = lambda key, text: (_ for _ in ()).throw(StoreError("full"))
    for _ in range(10):
        guarded.set("b", b"text")
        assert guarded.get("a") == b"text"
    assert guarded.counts["errors"] == 3


def test_many_threads_and_a_store_that_hangs(guarded, store):
    store.held = threading.Event()
    threads = [threading.Thread(target=guarded.get, args=(str(n),)) for n in range(16)]
    with within(TIMEOUT + 1):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    store.held.set()
    wait_until(lambda: not guarded._runner._pending)


def test_threads_end_when_there_is_nothing_to_do(guarded, monkeypatch):
    monkeypatch.setattr("djust_engine.jit.caching.runner._IDLE", 0.05)
    guarded.get("a")
    wait_until(lambda: not guarded._runner._threads)
    assert guarded.get("a") is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_threads_of_its_own(guarded, store):
    guarded.set("a", b"text")
    child = os.fork()
    if child == 0:
        os._exit(0 if guarded.get("a") == b"text" else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_pages_are_served_while_it_is_down(rendered, store):
    store.down = "unplugged"
    used = SerializerCache(store=store, timeout=TIMEOUT)
    assert rendered(used)[-1] == "miss"
    assert rendered(used)[-1] == "hit"
    assert used.stats().errors >= 1


@pytest.mark.parametrize("text", [b"", b"\x80\x04K\x01.", b"rubbish" * 1000, b"[]" + b" " * 2**20])
def test_pages_are_served_while_it_answers_rubbish(rendered, store, text, caplog):
    store.get = lambda key: text
    used = SerializerCache(store=store, timeout=60)
    assert rendered(used)[-1] == "miss"
    assert rendered(used) == ["hit"]
    assert used.stats().rejected >= 1
    assert len(caplog.messages) == 1
