"""One run, one table of ratios: ``python -m benchmarks``; ``--help`` lists the options."""

import argparse
import sys

from .databases import NAMES, NoDatabase, sample_rows


def main() -> int:
    options = parse_arguments()
    from .timing import OutputDiffers

    try:
        with sample_rows(options.database):
            print(run(options))
    except (OutputDiffers, NoDatabase) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def run(options: argparse.Namespace) -> str:
    from . import (
        cases_composed,
        cases_json,
        cases_middleware,
        cases_pages,
        cases_rendering,
        cases_tuned,
        report,
        timing,
    )

    modules = (
        cases_pages,
        cases_json,
        cases_rendering,
        cases_composed,
        cases_tuned,
        cases_middleware,
    )
    cases = [case for module in modules for case in module.cases()]
    chosen = [case for case in cases if options.only.lower() in case.title.lower()]
    if options.check:
        return report.query_counts({case.title: timing.count_queries(case) for case in chosen})
    clock = timing.CLOCKS[options.clock]
    figures = [timing.measure(case, options.rounds, clock) for case in chosen]
    return report.as_json(figures) if options.json else report.as_table(figures)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=21, help="samples a variant (default: 21)")
    parser.add_argument("--only", default="", help="only the cases whose title contains this text")
    parser.add_argument(
        "--clock",
        choices=["wall", "cpu"],
        default="wall",
        help="cpu: processor time of this process, for a machine that is busy (default: wall)",
    )
    parser.add_argument(
        "--database",
        choices=NAMES,
        default="sqlite",
        help="postgresql: the server that DJUST_DATABASE names (default: sqlite, in memory)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--check",
        action="store_true",
        help="compare the outputs and print the queries of each variant as JSON; take no times",
    )
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds takes a number from 1 on")
    return options


if __name__ == "__main__":
    sys.exit(main())
