"""`python -m tests.fuzz --cases N --seed S`: compare, and print the smallest form of failures.

Cases in which Django differs from itself (`control.py`) are counted as void.
"""

import argparse
import os
import sys
import warnings
from collections import Counter

import django


def main() -> int:
    prepare()
    from tests.fuzz import run

    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("generator", choices=[*run.GENERATORS, "all"], default="all", nargs="?")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--failures", type=int, default=1000, help="stop after so many")
    parser.add_argument("--skip", action="append", default=[], help="kinds not to print")
    parser.add_argument("--each", type=int, default=5, help="print so many of one kind")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    names = list(run.GENERATORS) if options.generator == "all" else [options.generator]
    return 1 if sum(report(name, options) for name in names) else 0


def prepare() -> None:
    """Set Django up over a database in memory, as for its tests."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    setup_test_environment()
    call_command("migrate", run_syncdb=True, verbosity=0)


def report(name: str, options: argparse.Namespace) -> int:
    from tests.fuzz import run

    kinds: Counter[str] = Counter()
    void = 0
    for failure in run.failures(name, options.seed, options.cases):
        if failure.void:
            void += 1
            continue
        kinds[failure.difference.kind] += 1
        if kinds[failure.difference.kind] <= options.each and failure.kind not in options.skip:
            print(failure.shrunk(), end="\n\n", flush=True)
        if kinds.total() >= options.failures:
            break
    print(f"{name}: {options.cases} cases from seed {options.seed}", end=", ")
    print(f"void: {void}, failures: {dict(kinds)}", flush=True)
    return kinds.total()


if __name__ == "__main__":
    sys.exit(main())
