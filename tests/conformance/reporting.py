"""A Django test runner that keeps the outcome of each test: id -> status, mode and traceback."""

from typing import Any
from unittest import TestCase, TextTestResult, TextTestRunner

from django.test.runner import DiscoverRunner

from tests.conformance.tally import Tally

OUTCOMES: dict[str, dict[str, str]] = {}
TALLY = Tally()


class RecordingResult(TextTestResult):
    """Notes every outcome; of several for one test (subtests) the worst stays."""

    def startTest(self, test: TestCase) -> None:
        super().startTest(test)
        TALLY.begin_test()

    def addSuccess(self, test: TestCase) -> None:
        super().addSuccess(test)
        self.note(test, "passed")

    def addFailure(self, test: TestCase, err: Any) -> None:
        super().addFailure(test, err)
        self.note(test, "failed", self.failures[-1][1])

    def addError(self, test: TestCase, err: Any) -> None:
        super().addError(test, err)
        self.note(test, "failed", self.errors[-1][1])

    def addSkip(self, test: TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        self.note(test, "skipped", reason)

    def addExpectedFailure(self, test: TestCase, err: Any) -> None:
        super().addExpectedFailure(test, err)
        self.note(test, "passed")

    def addUnexpectedSuccess(self, test: TestCase) -> None:
        super().addUnexpectedSuccess(test)
        self.note(test, "failed", "unexpected success")

    def addSubTest(self, test: TestCase, subtest: TestCase, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.note(test, "failed", f"{subtest}: {err[0].__name__}: {err[1]}")

    def note(self, test: TestCase, status: str, text: str = "") -> None:
        known = OUTCOMES.get(test.id())
        if known is None or known["status"] != "failed":
            OUTCOMES[test.id()] = {"status": status, "mode": TALLY.worst, "text": text}


class RecordingRunner(DiscoverRunner):
    """Django's runner, with `RecordingResult` in place of unittest's."""

    test_runner = TextTestRunner

    def get_resultclass(self) -> type[RecordingResult]:
        return RecordingResult
