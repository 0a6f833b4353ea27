"""Django's template_tests, by subject. The assertions are Django's; ours is that none is lost."""

import pytest

from tests.conformance.outcome import Comparison, known_failures, known_lines

SUBJECTS = {
    "filters": ("template_tests.filter_tests.",),
    "translation": ("template_tests.syntax_tests.i18n.",),
    "tags": ("template_tests.syntax_tests.",),
    "inheritance": ("template_tests.test_extends",),
    "loaders": ("template_tests.test_loaders.", "template_tests.test_autoreloader."),
    "custom libraries": ("template_tests.test_custom.", "template_tests.test_library."),
    "response": ("template_tests.test_response.",),
    "engine": ("template_tests.test_engine.", "template_tests.test_origin."),
    "language": ("template_tests.",),
}


def subject_of(test: str) -> str:
    """The first subject whose prefix fits; every id has one."""
    return next(name for name, prefixes in SUBJECTS.items() if test.startswith(prefixes))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_subject_passes_as_with_django(comparison: Comparison, subject: str) -> None:
    lost = {test for test in comparison.failures() if subject_of(test) == subject}
    unlisted = sorted(lost - known_failures().keys())
    assert not unlisted, "\n".join(comparison.describe(test) for test in unlisted)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_subject_has_tests(comparison: Comparison, subject: str) -> None:
    assert any(subject_of(test) == subject for test in comparison.expected())


def test_share_that_passes(comparison: Comparison) -> None:
    assert comparison.share() >= 0.98


def test_known_failures_still_fail(comparison: Comparison) -> None:
    passed = known_failures().keys() & comparison.djust.passed()
    assert not passed, f"listed in known_failures.txt, and passing: {sorted(passed)}"


def test_some_templates_are_native(comparison: Comparison) -> None:
    assert comparison.djust.tally["templates"]["native"] > 0


def test_a_known_failure_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="no reason given: 'a.b.c'"):
        dict(known_lines("# comment\n\na.b.c\n"))
