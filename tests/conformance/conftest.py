"""The comparison, made once a session, and its figures at the end of pytest's output."""

from collections.abc import Iterator

import pytest

from tests.conformance import outcome, sources

COMPARISON = pytest.StashKey[outcome.Comparison]()


@pytest.fixture(scope="session")
def comparison(request: pytest.FixtureRequest) -> Iterator[outcome.Comparison]:
    made = outcome.compare(sources.tests_directory(), ["template_tests"])
    request.config.stash[COMPARISON] = made
    yield made


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if COMPARISON in config.stash:
        terminalreporter.section("Django's template_tests")
        for line in outcome.summary_lines(config.stash[COMPARISON]):
            terminalreporter.write_line(line)
