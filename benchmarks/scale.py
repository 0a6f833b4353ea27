"""What a row costs: ``python -m benchmarks.scale``.

The page of the leases over 10, 100, 1,000 and 10,000 of them, naively viewed: microseconds a row
less the page without rows, and the bytes a row that stay allocated while the rows are held, beside
those of Django's instances with the same relations joined.
"""

import argparse
import gc
import sys
import tracemalloc
from collections.abc import Callable
from statistics import median

from .databases import NAMES, NoDatabase, sample_rows
from .engines import OURS
from .timing import CLOCKS, SAMPLE_MILLISECONDS, Clock, collector_off

SIZES = (10, 100, 1_000, 10_000)
HELD = 1_000
COPIES = 9


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="samples a size (default: 15)")
    parser.add_argument("--clock", choices=list(CLOCKS), default="wall")
    parser.add_argument("--database", choices=NAMES, default="sqlite")
    options = parser.parse_args()
    try:
        with sample_rows(options.database):
            print(run(options.rounds, CLOCKS[options.clock]))
    except NoDatabase as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def run(rounds: int, clock: Clock) -> str:
    multiply_leases()
    costs, memory = row_costs(rounds, clock), row_bytes()
    lines = [f"{'rows':>10}{'us a row':>12}"]
    lines += [f"{size:>10,}{cost:>12.2f}" for size, cost in costs.items()]
    ours, django = memory
    lines.append(
        f"bytes a row: ours {ours:.0f}, Django's instances {django:.0f}: {ours / django:.2f}"
    )
    return "\n".join(lines)


def multiply_leases() -> None:
    """Ten thousand leases of the thousand."""
    from sample_site.rentals.models import Lease

    leases = list(Lease.objects.all())
    for number in range(COPIES):
        for lease in leases:
            lease.pk, lease.reference = None, f"{lease.reference[:12]}-{number}"
        Lease.objects.bulk_create(leases, batch_size=500)


def row_costs(rounds: int, clock: Clock) -> dict[int, float]:
    from django.template import engines

    from sample_site.rentals.models import Lease

    page = engines[OURS].get_template("benchmarks/leases.html")
    # A limit would have the database sort them all for a page of few.
    keys = sorted(Lease.objects.values_list("pk", flat=True))

    def render(size: int) -> str:
        return page.render({"leases": Lease.objects.filter(pk__lte=keys[size - 1])})

    with collector_off():
        return {size: row_cost(render, size, rounds, clock) for size in SIZES}


def row_cost(render: Callable[[int], str], size: int, rounds: int, clock: Clock) -> float:
    """Microseconds: the median over the rounds of a page less one with a single row."""
    times = []
    repeats = max(1, SAMPLE_MILLISECONDS * 200 // size)
    for _ in range(rounds + 1):
        gc.collect()
        few = seconds(render, 1, repeats, clock)
        times.append((seconds(render, size, repeats, clock) - few) / (size - 1) * 1e6)
    return median(times[1:])


def seconds(render: Callable[[int], str], size: int, repeats: int, clock: Clock) -> float:
    start = clock()
    for _ in range(repeats):
        render(size)
    return (clock() - start) / repeats


def row_bytes() -> tuple[float, float]:
    """Held by the rows of the page, and by Django's instances."""
    from djust_engine.jit.sql.statements import Statements
    from sample_site.rentals.models import Lease

    columns = ("id", "reference", "property__name", "tenant__phone", "tenant__user__email")
    statements = Statements(columns)
    by_hand = Lease.objects.select_related("property", "tenant__user")
    rows = [allocated(lambda: statements.fetch(Lease.objects.all()[:HELD])) for _ in range(3)]
    instances = [allocated(lambda: list(by_hand[:HELD])) for _ in range(2)]
    return rows[-1], instances[-1]


def allocated(make: Callable[[], list[object]]) -> float:
    gc.collect()
    tracemalloc.start()
    try:
        held = make()
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return size / len(held)


if __name__ == "__main__":
    sys.exit(main())
