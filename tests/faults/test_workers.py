"""Real servers: workers that are forked after a warm-up, threads, and async views."""

from collections import Counter

import pytest

from sample_site.showcase.measure import masked
from tests.faults.workers import check_pages, snippet


def test_workers_are_forked_from_a_process_that_is_warm(project, expected):
    project.write(wsgi=snippet("wsgi.py"))
    with project.gunicorn("--preload", "--workers", "3") as served:
        answers = check_pages(served, expected, rounds=10)
        seen = Counter(answer.worker for answer in answers)
        assert len(seen) > 1 and str(served.process.pid) not in seen
        assert [answer.compiled for answer in answers] == [0] * len(answers)
        warm = [served.get("/leases/") for _ in range(6)]
    assert [answer.plans_made for answer in warm] == [0] * 6
    assert "warm_up" not in served.log.read_text()


def test_without_a_preload_each_worker_warms_up(project, expected):
    project.write(conf=snippet("gunicorn.conf.py"))
    with project.gunicorn("--workers", "2", "--threads", "4") as served:
        first = [served.get("/leases/") for _ in range(6)]
        check_pages(served, expected)
    assert [(answer.compiled, answer.plans_made) for answer in first] == [(0, 0)] * 6


def test_what_is_not_warm_is_worked_out(project, expected):
    with project.gunicorn("--workers", "1") as served:
        first, second = served.get("/leases/?page=3"), served.get("/leases/?page=3")
    assert first.compiled > 3 and first.plans_made == 1
    assert (second.compiled, second.plans_made) == (0, 0)
    assert masked(first.body) == masked(second.body) == expected["/leases/?page=3"]


def test_an_event_loop_serves_after_a_warm_up(project, expected):
    project.write(asgi=snippet("asgi.py"))
    with project.uvicorn() as served:
        assert served.get("/leases/").plans_made == 0
        answers = check_pages(served, expected)
    assert [answer.compiled for answer in answers] == [0] * len(answers)


ASKED = """
{% load i18n %}{{ user.username }}|{{ number }}|{% get_current_language as code %}{{ code }}|
{% now "e F" %}|{% translate "Home" %}|{{ 1234.5|floatformat:"2g" }}|{{ request.GET.language }}
{% for lease in leases %}{{ lease.property.name }}{{ lease.tenant.user.last_name }}
{{ lease.start_date|date:"F" }}{{ lease.rent }}{% cycle user.username number %}{% endfor %}
"""
ZONES = {"de": "Asia/Tokyo", "fr": "America/Lima", "en": "UTC"}


@pytest.mark.parametrize("view", ["in_loop", "in_thread", "by_handler"])
def test_async_views_keep_users_and_languages_apart(project, view, site, tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "asked.html").write_text(ASKED)
    told = 'TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], "templates"]'
    told += '\nROOT_URLCONF = "tests.faults.async_site"'
    project.write(more=told)
    asked = [(number, language) for number in range(1, 9) for language in ZONES]
    paths = [
        f"/{view}/{number}/?language={language}&zone={ZONES[language]}"
        for number, language in asked
    ]
    with project.uvicorn() as served:
        together = served.get_all(paths, at_once=16)
        lazy = served.get("/lazily/1/").body
    project.environment["DJUST_SAMPLE_ENGINE"] = "django"
    with project.uvicorn() as served:
        alone = [served.get(path).body for path in paths]
        assert served.get("/lazily/1/").body == lazy
    assert len(set(alone)) == len(paths)
    assert [answer.body for answer in together] == alone
