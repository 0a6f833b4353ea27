"""`python -m tests.conformance [--full] LABEL...`: any of Django's own test apps with both engines.

Prints each test that passes with DjangoTemplates and fails with ours, and the figures; ends with 1
when there is one. `template_tests` is what the suite runs; `forms_tests`, `view_tests` and
`admin_views` are examples of further labels.
"""

import argparse
import sys

from tests.conformance import outcome, sources


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="print tracebacks, not only ids")
    parser.add_argument("labels", nargs="*", default=["template_tests"])
    arguments = parser.parse_args()
    comparison = outcome.compare(sources.tests_directory(), arguments.labels)
    for test in sorted(comparison.failures()):
        print(comparison.describe(test) if arguments.full else test)
    print(*outcome.summary_lines(comparison), sep="\n")
    return 1 if comparison.failures() else 0


if __name__ == "__main__":
    sys.exit(main())
