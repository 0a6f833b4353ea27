"""Requests a second on the page of leases: ``python -m benchmarks.load``.

gunicorn (sync, gthread) and uvicorn serve the sample site on loopback, over PostgreSQL, with plans
in a Redis that is killed in the middle of each run and started again; wrk drives them. Beside the
load, a visitor asks now and then for a page that needs a plan which nobody has made before.

    scripts/with-postgresql scripts/with-redis python -m benchmarks.load

``--minutes 10`` serves our engine for so long, and prints the memory of the workers.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.faults.servers import RedisServer

from ..databases import NoDatabase
from . import report
from .generator import Generator, NoGenerator, install
from .report import Figures
from .sites import NAIVE, OURS, SERVERS, VARIANTS, Site, Variant, sample_database, served
from .visitor import PAGES, PAUSE, Visitor

WARM_UP = 3
SAMPLES = 40


def main() -> int:
    options = parse_arguments()
    try:
        install()
        with sample_database() as url:
            return watch_memory(options, url) if options.minutes else compare(options, url)
    except (NoDatabase, NoGenerator) as error:
        print(error, file=sys.stderr)
        return 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.load",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--servers", nargs="+", choices=SERVERS, default=SERVERS)
    parser.add_argument("--seconds", type=float, default=20, help="of each run (default: 20)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: 2)")
    parser.add_argument("--threads", type=int, default=4, help="a worker of gthread (default: 4)")
    parser.add_argument("--connections", type=int, default=16, help="of wrk (default: 16)")
    parser.add_argument(
        "--minutes", type=float, default=0, help="serve for so long, and print the memory"
    )
    return parser.parse_args()


def compare(options: argparse.Namespace, url: str) -> int:
    """Print a table a server; the status is 1 where ours had an error."""
    expected = pages_of_django(url, min(PAGES, int(options.seconds / PAUSE) + 1))
    print(report.conditions(options))
    found = []
    for server in options.servers:
        figures = [measure(options, url, server, one, expected) for one in VARIANTS]
        print(report.table(server, figures), flush=True)
        found += figures
    return int(any(one.errors for one in found if one.variant is OURS))


def measure(
    options: argparse.Namespace, url: str, server: str, variant: Variant, expected: list[bytes]
) -> Figures:
    """One server with one engine; Redis is away in the second third of the run."""
    third = options.seconds / 3
    with running(options, url, server, variant) as (site, redis):
        before = site.weight()
        generator = Generator(site.address + variant.path, options.seconds, options.connections)
        with Visitor(site, expected, lambda: redis.process is not None) as seen:
            time.sleep(third)
            redis.stop()
            time.sleep(third)
            redis.start()
            driven = generator.result()
        return Figures(variant, driven, seen, before, site.weight())


@contextmanager
def running(
    options: argparse.Namespace, url: str, server: str, variant: Variant
) -> Iterator[tuple[Site, RedisServer]]:
    """The site, warm, and its Redis."""
    with tempfile.TemporaryDirectory() as directory:
        redis = RedisServer(Path(directory))
        redis.start()
        try:
            workers = options.workers, options.threads
            with served(server, variant.engine, url, redis.url, *workers) as site:
                warm_up(site, variant.path, options.workers)
                yield site, redis
        finally:
            redis.stop()


def warm_up(site: Site, path: str, workers: int) -> None:
    """Ask for the page for a while, as often at once as there are workers; none is left behind."""
    until = time.monotonic() + WARM_UP

    def ask(number: int) -> None:
        while time.monotonic() < until:
            site.get(path)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(ask, range(workers)))


def pages_of_django(url: str, pages: int) -> list[bytes]:
    """What the visitor ought to see."""
    with served("gthread", NAIVE.engine, url, "", 2, 4) as site:
        return [site.get(f"/new/{number}/") for number in range(pages)]


def watch_memory(options: argparse.Namespace, url: str) -> int:
    """Print the memory of the workers over time, and how much it grew in the second half."""
    seconds = 60 * options.minutes
    for server in options.servers:
        with running(options, url, server, OURS) as (site, redis):
            print(report.memory_heading(server, options))
            generator = Generator(site.address + OURS.path, seconds, options.connections)
            began, samples = time.monotonic(), []
            while generator.runs:
                samples.append((time.monotonic() - began, site.weight()))
                print(report.memory_line(*samples[-1]), flush=True)
                time.sleep(seconds / SAMPLES)
            driven = generator.result()
        print(report.memory_end(driven, samples))
    return 0


if __name__ == "__main__":
    sys.exit(main())
