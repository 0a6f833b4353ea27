"""Django's own tests of the template language, each render of which is compared."""

from tests.conformance import sources
from tests.conformance.outcome import Order, run_engine


def test_the_template_language(monkeypatch):
    monkeypatch.setenv("DJUST_VERIFY", "raise")
    order = Order(
        sources.tests_directory(), ["template_tests.syntax_tests", "template_tests.filter_tests"]
    )
    run = run_engine("djust", order)
    failed = {test for test, one in run.outcomes.items() if one["status"] == "failed"}
    assert not failed, "\n".join(run.describe(test) for test in failed)
    assert len(run.passed()) > 1000
