"""Many threads, one engine: what each renders is whole, new enough, and its own."""

import json
from concurrent.futures import ThreadPoolExecutor

from djust_engine.jit.cache import SerializerCache
from djust_engine.jit.plan import Untouched

PLAN = Untouched("jitapp.Tag")


def test_threads_render_while_others_invalidate(site, tmp_path):
    told = json.loads(site.run("-m", "tests.faults.racing", str(tmp_path), "6"))
    assert told["wrong"] == []
    assert told["renders"] > 100 and told["versions"] > 10


def test_a_hit_waits_for_no_lock():
    cache = SerializerCache()
    cache.set("key", PLAN)
    with cache._memory._lock, ThreadPoolExecutor(16) as pool:
        found = [pool.submit(cache.get, "key") for _ in range(5_000)]
        assert {id(one.result(60)) for one in found} == {id(PLAN)}
    assert cache.stats().hits == 5_000


def test_threads_share_a_cache_that_others_empty(tmp_path):
    cache = SerializerCache("filesystem", str(tmp_path), maxsize=40, timeout=5.0)
    plans = [Untouched(f"jitapp.Tag{number}") for number in range(90)]

    def work(seed):
        for at in range(200):
            number = (at * seed) % len(plans)
            if at % 20 == 0:
                cache.invalidate(f"{number}")
            cache.set(f"{number}", plans[number])
            found = cache.get(f"{(at + seed) % len(plans)}")
            assert found is None or found == plans[(at + seed) % len(plans)]

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(1, 17)))
    assert len(cache) <= 40
    for number, plan in enumerate(plans):
        cache.set(f"{number}", plan)
        assert cache.get(f"{number}") is plan
