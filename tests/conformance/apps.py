"""Django's test apps that render templates, each with its share of the work, and who runs it.

`template_tests` belongs to every run of the suite. The framework's apps run in the tox environment
`django-apps`, on one version of Django, and on the others by hand: `python -m tests.conformance`.
Selenium tests are skipped by Django's own rule, for want of `--selenium`.
"""

TEMPLATE_TESTS = "template_tests"

#: label -> seconds on one core, which only serve to share the work out.
FRAMEWORK = {
    "admin_changelist": 10,
    "admin_docs": 3,
    "admin_inlines": 12,
    "admin_views": 90,
    "admin_widgets": 6,
    "auth_tests": 60,
    "cache": 25,
    "context_processors": 1,
    "csrf_tests": 2,
    "flatpages_tests": 4,
    "forms_tests": 4,
    "generic_views": 5,
    "humanize_tests": 1,
    "i18n": 12,
    "messages_tests": 3,
    "sitemaps_tests": 4,
    "staticfiles_tests": 10,
    "syndication_tests": 2,
    "template_backends": 1,
    "template_loader": 1,
    "test_client": 5,
    "test_utils": 10,
    "timezones": 4,
    "view_tests": 8,
}
ALL = (TEMPLATE_TESTS, *FRAMEWORK)


def shared_out(labels: list[str], workers: int) -> list[list[str]]:
    """`labels` in at most `workers` groups of about the same time; none is empty."""
    groups: list[list[str]] = [[] for _ in range(workers)]
    for label in sorted(labels, key=seconds, reverse=True):
        min(groups, key=lambda group: sum(map(seconds, group))).append(label)
    return [sorted(group) for group in groups if group]


def seconds(label: str) -> int:
    return FRAMEWORK.get(label, 10)
