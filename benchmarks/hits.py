"""What finding a plan costs beside the page that it is for: ``python -m benchmarks.hits``.

Processor time, so that a busy machine does not count. A lock that readers wait for would show in
the last line.
"""

from collections.abc import Callable
from threading import Barrier, Thread
from time import process_time

from .databases import sample_rows

_THREADS = 16


def main() -> None:
    with sample_rows("sqlite"):
        print(measured())


def measured() -> str:
    from django.template import engines

    from djust_engine.jit import fetch
    from djust_engine.jit.cache import SerializerCache
    from djust_engine.jit.plan import Untouched
    from djust_engine.jit.sites import Reading
    from sample_site.rentals.models import Lease

    from .engines import OURS

    template, leases = engines[OURS].get_template("benchmarks/leases.html"), Lease.objects.all()
    seen: list[Reading] = []
    prepare = fetch.prepared
    fetch.prepared = lambda reading, queryset: (seen.append(reading), prepare(reading, queryset))[1]
    template.render({"leases": Lease.objects.all()})
    fetch.prepared = prepare
    cache = SerializerCache()
    cache.set("key", Untouched("rentals.Lease"))
    page = best(lambda: template.render({"leases": Lease.objects.all()}), 10)
    hit = best(lambda: prepare(seen[0], leases), 3000)
    alone, crowded = (
        min(in_threads(number, lambda: cache.get("key"), 160_000) for _ in range(3))
        for number in (1, _THREADS)
    )
    return (
        f"leases, {Lease.objects.count():,} rows: {page * 1e3:.2f} ms\n"
        f"its plan found: {hit * 1e6:.2f} µs, {hit / page:.2%} of that\n"
        f"a plan read from memory: {alone * 1e6:.2f} µs by one thread,"
        f" {crowded * 1e6:.2f} µs by each of {_THREADS}"
    )


def best(call: Callable[[], object], times: int) -> float:
    """The seconds of a call, in the best of some rounds."""
    seconds = []
    for _ in range(7):
        started = process_time()
        for _ in range(times):
            call()
        seconds.append((process_time() - started) / times)
    return min(seconds)


def in_threads(number: int, call: Callable[[], object], times: int) -> float:
    """The seconds of a call while so many threads make it at once."""
    barrier = Barrier(number + 1)

    def work() -> None:
        barrier.wait()
        for _ in range(times // number):
            call()

    threads = [Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    started = process_time()
    barrier.wait()
    for thread in threads:
        thread.join()
    return (process_time() - started) / times


if __name__ == "__main__":
    main()
