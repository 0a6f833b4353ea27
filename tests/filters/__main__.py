"""`python -m tests.filters [--values N] [FILTER ...]`: every ordered pair of filters, compared.

Prints each difference and ends with 1 when there is one. With names, only pairs with one of them.
"""

import argparse
import os
import sys
import time
import warnings

import django


def main() -> int:
    prepare()
    from tests.filters import pairs

    parser = argparse.ArgumentParser(prog="python -m tests.filters", description=__doc__)
    parser.add_argument("--values", type=int, default=len(pairs.ALL), help="only the first so many")
    parser.add_argument("filters", nargs="*", help="names; all without one")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    names, wanted = list(pairs.ALL)[: options.values], set(options.filters)
    chosen = [one for one in pairs.expressions() if not wanted or wanted & names_of(one)]
    start, found = time.monotonic(), 0
    for line in pairs.differences(chosen, names):
        found += 1
        print(line, flush=True)
    seconds = time.monotonic() - start
    print(f"{len(chosen)} expressions, {len(names)} values: {found} differences, {seconds:.0f} s")
    return 1 if found else 0


def prepare() -> None:
    """Set Django up: the values are made of models, too."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()


def names_of(expression: str) -> set[str]:
    return {call.partition(":")[0] for call in expression.split("|")}


if __name__ == "__main__":
    sys.exit(main())
