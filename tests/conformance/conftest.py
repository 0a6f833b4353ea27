"""The run of `template_tests`, made once a session, and its figures at the end of the output."""

from collections.abc import Iterator

import pytest

from tests.conformance import apps, outcome, record, sources

RUN = pytest.StashKey[outcome.Run]()


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Iterator[outcome.Run]:
    made = outcome.run_engine(
        "djust", outcome.Order(sources.tests_directory(), [apps.TEMPLATE_TESTS])
    )
    request.config.stash[RUN] = made
    yield made


@pytest.fixture(scope="session")
def column() -> dict[str, str]:
    """What is recorded of `template_tests` with the installed Django."""
    column = record.read().column(record.installed_series())
    return record.of_labels(column, [apps.TEMPLATE_TESTS])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if RUN in config.stash:
        terminalreporter.section("Django's template_tests")
        made = config.stash[RUN]
        terminalreporter.write_line(f"{len(made.passed())} tests pass with djust_engine")
        for line in outcome.tally_lines(made.tally):
            terminalreporter.write_line(line)
