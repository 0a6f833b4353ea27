"""Workers that start at once over one store: plans are made once, and nobody waits for long."""

import json
import subprocess
import sys
import time

import pytest

from djust_engine.jit.cache import SerializerCache
from djust_engine.jit.caching.files import FileStore
from djust_engine.jit.fetch import query_shape
from djust_engine.jit.optimizer import Asked, make_plan
from tests.jit.conftest import loop_over
from tests.jitapp.models import Book

WORKERS, PLANS = 8, 30

#: A worker: waits for the start, then asks for the plans; each takes a while to make.
WORKER = """
import os, sys, time, json
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django; django.setup()
from djust_engine.jit.cache import SerializerCache
from djust_engine.jit.fetch import query_shape
from djust_engine.jit.optimizer import Asked, make_plan
from tests.jit.conftest import loop_over
from tests.jitapp.models import Book

plans, start, seconds = int(sys.argv[2]), float(sys.argv[3]), 0.03
cache = SerializerCache("filesystem", sys.argv[1], timeout=10, signed=True)
names = [f"missing{number}" for number in range(plans)]
shape = query_shape(Book.objects.all())
questions = [Asked(Book, loop_over("title", name), shape) for name in names]
keys = [cache.plan_key(asked, "sqlite") for asked in questions]
cache._pace = seconds

def make(asked):
    time.sleep(seconds)
    return make_plan(*asked)

time.sleep(max(0, start - time.time()))
made, longest = 0, 0.0
for key, asked in zip(keys, questions):
    began = time.perf_counter()
    plan, found = cache.find_plan(key, asked, lambda: make(asked))
    longest = max(longest, time.perf_counter() - began)
    assert plan == make_plan(*asked)
    made += not found
stats = cache.stats()
print(json.dumps([made, stats.rejected, stats.errors, longest]))
"""


def test_a_herd_makes_each_plan_once(tmp_path):
    start = str(time.time() + 6)
    command = [sys.executable, "-c", WORKER, str(tmp_path), str(PLANS), start]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(WORKERS)]
    outcomes = [json.loads(one.communicate(timeout=120)[0]) for one in workers]
    made = sum(outcome[0] for outcome in outcomes)
    print(f"{made} plans made by {WORKERS} workers that ask for {PLANS}: {outcomes}")
    assert PLANS <= made < PLANS * WORKERS / 3  # whoever waited in vain makes his own
    assert {(rejected, errors) for _, rejected, errors, _ in outcomes} == {(0, 0)}
    assert not list(tmp_path.glob("*.part"))


@pytest.fixture
def asked():
    return Asked(Book, loop_over("title"), query_shape(Book.objects.all()))


def test_who_waits_does_so_no_longer_than_making_takes(tmp_path, asked):
    """The one that claimed the plan was killed."""
    used = SerializerCache("filesystem", str(tmp_path), timeout=10)
    key = used.plan_key(asked, "sqlite")
    assert FileStore(tmp_path).add(key, 60)
    started = time.perf_counter()
    _, found = used.find_plan(key, asked, lambda: make_plan(*asked))
    assert not found
    assert time.perf_counter() - started < 0.2
    assert SerializerCache(store=FileStore(tmp_path)).find_plan(key, asked, None)[1]


def test_who_waits_takes_what_the_other_made(tmp_path, asked):
    one, other = (SerializerCache("filesystem", str(tmp_path), timeout=10) for _ in range(2))
    key, plan = one.plan_key(asked, "sqlite"), make_plan(*asked)
    assert FileStore(tmp_path).add(key, 60)
    other._pace = 10
    sleeps = iter([lambda: one.set(key, plan)])
    wait = time.sleep
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "djust_engine.jit.caching.shared.sleep",
            lambda seconds: (next(sleeps, lambda: None)(), wait(seconds)),
        )
        assert other.find_plan(key, asked, None) == (plan, True)
