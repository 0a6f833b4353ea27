"""What a process keeps: so many entries, so many bytes, those used last; read without a lock."""

import sys
from threading import Barrier, Thread

from djust_engine.jit.caching.memory import Memory, size_of
from djust_engine.jit.plan import RowsPlan, ShapePlan, Untouched, Value
from djust_engine.jit.usage import Usage

PLAN = Untouched("jitapp.Tag", ("x" * 1000,))


def test_the_one_that_was_not_used_for_longest_goes_first():
    memory = Memory(3, 1_000_000)
    for key in "abc":
        memory.set(key, PLAN)
    memory.get("a")
    memory.set("d", PLAN)
    assert [key for key in "abcd" if memory.get(key)] == ["a", "c", "d"]
    assert memory.stats().evictions == 1


def test_bytes_are_bounded():
    memory = Memory(1000, 10 * 2000)
    for number in range(100):
        memory.set(str(number), PLAN)
    stats = memory.stats()
    assert 5 <= stats.entries <= 15 and stats.bytes <= 20_000
    assert stats.evictions == 100 - stats.entries
    memory.set("big", Untouched("jitapp.Tag", ("x" * 50_000,)))
    assert memory.get("big") is None and len(memory) == stats.entries


def test_what_is_replaced_counts_once():
    memory = Memory(10, 1_000_000)
    memory.set("a", PLAN)
    size = memory.stats().bytes
    memory.set("a", PLAN)
    assert memory.stats().bytes == size
    memory.pop("a")
    memory.pop("a")
    assert memory.stats()[3:] == (0, 0)


def test_hits_and_misses_are_counted_to_the_last():
    memory = Memory(10, 1_000_000)
    memory.set("a", PLAN)
    barrier = Barrier(8)

    def read():
        barrier.wait()
        for _ in range(5_000):
            memory.get("a")
            memory.get("b")

    _run([Thread(target=read) for _ in range(8)])
    assert memory.stats()[:2] == (40_000, 40_000)


def test_a_read_waits_for_no_lock():
    memory = Memory(10, 1_000_000)
    memory.set("a", PLAN)
    with memory._lock:
        assert all(memory.get("a") is PLAN for _ in range(5_000))
    assert memory.stats().hits == 5_000


def test_readers_and_writers_at_once():
    memory = Memory(50, 1_000_000)

    def work(number):
        for at in range(2_000):
            key = str((at * number) % 90)
            memory.set(key, PLAN)
            assert memory.get(key) in (None, PLAN)
            if at % 50 == 0:
                memory.clear()

    _run([Thread(target=work, args=(number,)) for number in range(1, 17)])
    stats = memory.stats()
    assert stats.entries <= 50 and stats.bytes == sum(memory._order[key] for key in memory._found)


def test_sizes_are_those_of_the_whole():
    shape = ShapePlan("jitapp.Tag", 0, (Value("name" * 100, 1),))
    plan = RowsPlan("jitapp.Tag", ("id", "name"), shape)
    assert size_of(plan) > sys.getsizeof("name" * 100) + sys.getsizeof(shape)
    assert size_of(Usage.read) > 1000


def _run(threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
