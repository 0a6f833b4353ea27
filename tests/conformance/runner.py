"""One run of Django's test suite in a process of its own: `python -m tests.conformance.runner`.

Takes an engine's name, the folder of Django's tests, a file for the report and test labels; the
report is JSON: {"outcomes": {id: {"status", "mode", "text"}}, "tally": {noun: {name: count}}}.
"""

import argparse
import json
import runpy
import sys
from pathlib import Path

from django.conf import global_settings

from tests.conformance import adapter, reporting


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=adapter.ENGINES, required=True)
    parser.add_argument("--form-renderer", action="store_true")
    parser.add_argument("--tests", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("labels", nargs="+")
    return parser.parse_args()


def run_suite(tests: Path, labels: list[str]) -> None:
    """Django's runtests.py as it stands; it ends by SystemExit when a test fails."""
    global_settings.TEST_RUNNER = "tests.conformance.reporting.RecordingRunner"
    sys.path.insert(0, str(tests))
    sys.argv = ["runtests.py", "--settings=test_sqlite", "--parallel=1", "--noinput", *labels]
    try:
        runpy.run_path(str(tests / "runtests.py"), run_name="__main__")
    except SystemExit as stop:
        print(f"runtests.py ended with {stop.code}", file=sys.stderr)


def main() -> None:
    arguments = parse_arguments()
    tally = reporting.TALLY
    adapter.install(arguments.engine, tally, form_renderer=arguments.form_renderer)
    run_suite(arguments.tests, arguments.labels)
    report = {"outcomes": reporting.OUTCOMES, "tally": tally.as_dict()}
    arguments.report.write_text(json.dumps(report))


if __name__ == "__main__":
    main()
