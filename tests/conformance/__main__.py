"""`python -m tests.conformance [LABEL ...]`: Django's own tests with Django's engine and with ours.

Prints each test that passes with DjangoTemplates and fails with ours, and the figures; ends with 1
when there is one. Without a label it runs all that `apps.py` lists. `--recorded` runs ours alone,
and compares with the record; `--record` renews the record's column of the installed Django, and
both together renew how the recorded tests fare.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping

import django

from tests.conformance import apps, outcome, record, sources


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("--full", action="store_true", help="print tracebacks, not only ids")
    parser.add_argument("--record", action="store_true", help="renew the record")
    parser.add_argument("--recorded", action="store_true", help="ours alone, against the record")
    parser.add_argument("--form-renderer", action="store_true", help="with FORM_RENDERER of ours")
    parser.add_argument("--workers", type=int, default=outcome.WORKERS)
    parser.add_argument("labels", nargs="*", default=list(apps.ALL))
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    order = outcome.Order(
        sources.tests_directory(), arguments.labels, arguments.workers, arguments.form_renderer
    )
    return against_record(order, arguments) if arguments.recorded else both(order, arguments)


def both(order: outcome.Order, arguments: argparse.Namespace) -> int:
    comparison = outcome.compare(order)
    show(comparison.failures(), comparison.djust, arguments.full)
    print(*outcome.comparison_lines(comparison), sep="\n")
    if arguments.record:
        renew(record.column_of(comparison), arguments.labels)
    unlisted = comparison.failures() - outcome.known_failures().keys()
    return 1 if unlisted else 0


def renew(found: Mapping[str, str], labels: Iterable[str]) -> None:
    """Replaces the labels' part of the column by `found`; the rest stays."""
    series, known = record.installed_series(), record.read()
    column = known.column(series)
    for test in record.of_labels(column, labels):
        del column[test]
    known.put_column(series, django.__version__, column | found)
    record.write(known)


def against_record(order: outcome.Order, arguments: argparse.Namespace) -> int:
    column = record.of_labels(record.read().column(record.installed_series()), order.labels)
    run = outcome.run_engine("djust", order)
    if arguments.record:
        renew(record.renewed(column, run), arguments.labels)
    lost, changed = record.lost(column, run), record.less_native(column, run)
    show(lost, run, full=True)
    print(*changed, sep="\n")
    print(f"{len(column) - len(lost)} of {len(column)} recorded tests pass; {len(lost)} lost")
    print(*outcome.tally_lines(run.tally), sep="\n")
    return 1 if lost or changed else 0


def show(tests: Iterable[str], run: outcome.Run, full: bool) -> None:
    for test in sorted(tests):
        print(run.describe(test) if full else test)


if __name__ == "__main__":
    sys.exit(main())
