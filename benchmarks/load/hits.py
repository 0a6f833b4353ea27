"""What it costs to find a plan that is there: ``python -m benchmarks.load.hits``.

*Hit* is what a loop pays for its plan, beside the page of 50 leases that is rendered with it: at
each render, where it has met such a QuerySet before; once, where it finds the plan in the cache.
*Threads*: as many hits by one thread and by 16, beside the same through a lock; and the hits that
16 threads make while somebody holds the lock under which plans are kept. *Memory*: 100,000
templates from strings, each another text, compiled, rendered and forgotten. They read the same
names: CPython 3.12 itself keeps each name of an attribute for good, some 70 bytes.
"""

import argparse
import os
import threading
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from ..databases import sample_rows
from .sites import resident

THREADS = 16
HITS = 20_000
TEMPLATES = 100_000
PAGE = "/leases/?page=3"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load.hits", description=__doc__)
    parser.add_argument("--templates", type=int, default=TEMPLATES)
    options = parser.parse_args()
    with sample_rows("sqlite"):
        tell_hit()
        tell_threads()
        tell_memory(options.templates)


def hit() -> Callable[[], Any]:
    """Finds the plan of the page of leases again, as a loop does that has not met its QuerySet."""
    from django.db import connection

    from djust_engine.jit.cache import get_cache

    plans, seen = get_cache(), []
    find = plans.find_plan

    def watched(key: str, asked: Any, make: Any) -> Any:
        seen.append((asked, make))
        return find(key, asked, make)

    plans.find_plan = watched
    render_anew()
    del plans.find_plan
    ((asked, make),) = seen

    def again() -> Any:
        return plans.find_plan(plans.plan_key(asked, connection.vendor), asked, make)

    assert again()[1]
    return again


def known() -> Callable[[], Any]:
    """What a loop does at each render: it has met such a QuerySet before."""
    from djust_engine.jit.fetch import prepared
    from djust_engine.jit.sites import Reading, Site
    from sample_site.rentals.models import Lease

    reading = Reading((Site("", 1, "leases", {"item": {"children": {"rent": {"marks": 1}}}}),))
    queryset = Lease.objects.all()[:50]
    prepared(reading, queryset)
    return lambda: prepared(reading, queryset)


def render_anew() -> None:
    from django.template.autoreload import reset_loaders

    reset_loaders()
    page()()


def page() -> Callable[[], bytes]:
    from sample_site.showcase.measure import DJUST, render

    return lambda: render(PAGE, DJUST)


def tell_hit() -> None:
    render = page()
    render()
    whole = median(timed(render, 1) for _ in range(50))
    print(f"page of leases       {1e3 * whole:8.3f} ms")
    for title, action in (("known at the loop", known()), ("found in the cache", hit())):
        found = median(timed(action, 1000) for _ in range(50))
        print(f"{title:21}{1e6 * found:8.3f} us, {100 * found / whole:.2f} % of the page")


def timed(action: Callable[[], Any], times: int) -> float:
    """Seconds of this thread's processor time for one call."""
    started = time.thread_time()
    for _ in range(times):
        action()
    return (time.thread_time() - started) / times


def tell_threads() -> None:
    find, lock = hit(), threading.Lock()

    def find_locked() -> Any:
        with lock:
            return find()

    for title, action in (("as it is", find), ("through a lock", find_locked)):
        alone, many = a_second(action, 1), a_second(action, THREADS)
        print(f"{title:15}{alone:12,.0f} hits a second by 1 thread, {many:12,.0f} by {THREADS}")
    print(f"{while_locked():,} hits by {THREADS} threads while the lock of the memory was held")


def a_second(action: Callable[[], Any], threads: int) -> float:
    """Hits a second of the process's processor time, the best of five."""

    def work() -> None:
        for _ in range(HITS // threads):
            action()

    return max(HITS / in_threads(work, threads) for _ in range(5))


def in_threads(work: Callable[[], None], number: int) -> float:
    workers = [threading.Thread(target=work) for _ in range(number)]
    started = time.process_time()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.process_time() - started


def while_locked() -> int:
    from djust_engine.jit.cache import get_cache

    find, done = hit(), []

    def work() -> None:
        for _ in range(HITS // THREADS):
            find()
            done.append(None)

    with get_cache()._memory._lock:
        in_threads(work, THREADS)
    return len(done)


def tell_memory(templates: int) -> None:
    from django.template import engines

    engine, step = engines["django"], max(1, templates // 10)
    print("from_string: MiB after so many templates")
    for number in range(templates + 1):
        text = f"{number}{{% for row in rows %}}{{{{ row.x }}}}{{{{ row.y|upper }}}}{{% endfor %}}"
        engine.from_string(text).render({"rows": [{"x": number, "y": "y"}]})
        if number % step == 0:
            print(f"{number:10,}{resident(os.getpid()):10.1f}", flush=True)


if __name__ == "__main__":
    main()
