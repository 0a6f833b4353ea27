"""One run, one table of ratios: ``python -m benchmarks``; ``--help`` lists the options."""

import argparse
import datetime as dt
import os
import sys


def main() -> int:
    options = parse_arguments()
    prepare()
    from . import cases_pages, cases_rendering
    from .report import as_json, as_table
    from .timing import CLOCKS, OutputDiffers, measure

    cases = [*cases_pages.cases(), *cases_rendering.cases()]
    chosen = [case for case in cases if options.only.lower() in case.title.lower()]
    try:
        figures = [measure(case, options.rounds, CLOCKS[options.clock]) for case in chosen]
    except OutputDiffers as error:
        print(error, file=sys.stderr)
        return 1
    print(as_json(figures) if options.json else as_table(figures))
    return 0


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
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


def prepare() -> None:
    """Set Django up over a database in memory that holds the sample rows."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from sample_site.showcase.load import load

    call_command("migrate", verbosity=0)
    load(dt.date(2026, 3, 1))


if __name__ == "__main__":
    sys.exit(main())
