"""Every template of Django's packages and of the sample site is rendered by a native program."""

import json
from pathlib import Path

import django
import pytest

from djust_engine.survey import Status, find_sources, survey
from djust_engine.survey.sources import Source
from tests.product.test_djust_check import check
from tests.settings import INSTALLED_APPS, OURS

DJANGO = Path(django.__file__).parent
# Packages of Django that hold templates, with what they need to be installed.
CONTRIB = [
    *(app for app in INSTALLED_APPS if app.startswith("django.")),
    "django.contrib.admindocs",
    "django.contrib.flatpages",
    "django.contrib.redirects",
    "django.contrib.sitemaps",
    "django.contrib.sites",
    "django.contrib.syndication",
    "django.forms",
]
# Apps that need a database or a library to be installed; their templates do not.
DIRECTORIES = [DJANGO / f"{package}/templates" for package in ("contrib/gis", "contrib/postgres")]
DIRECTORIES.append(DJANGO / "views/templates")


@pytest.fixture
def contrib(settings) -> dict[str, tuple[Status, Source]]:
    """The results of all templates that Django brings, by path."""
    settings.INSTALLED_APPS = [*CONTRIB, "djust_engine"]
    settings.SITE_ID = 1
    settings.TEMPLATES = [{**OURS, "DIRS": [str(directory) for directory in DIRECTORIES]}]
    from django.template import engines

    found = survey(find_sources([engines["django"]]))
    return {result.path: result for result in found.results}


def files_of_django() -> set[str]:
    found = (path for path in DJANGO.rglob("templates/**/*") if path.is_file())
    kinds = (".html", ".txt", ".xml", ".js", ".kml")
    return {str(path) for path in found if path.suffix in kinds}


def test_no_template_of_django_is_left_to_django(contrib):
    left = {path: one.findings for path, one in contrib.items() if not one.status.is_native}
    assert not left


def test_every_template_of_django_is_looked_at(contrib):
    missing = {path for path in files_of_django() if path not in contrib}
    assert not {path for path in missing if "/conf/" not in path and "/jinja2/" not in path}
    assert len(contrib) > 120


def test_the_sample_site_is_native(site):
    """All but the page that shows what a fallback is."""
    command = ("sample_site/manage.py", "djust_check", "--format", "json", "--fail-on", "fallback")
    document = json.loads(site.run(*command, status=1))
    left = [one["name"] for one in document["templates"] if not one["native"]]
    assert left == ["showcase/left_to_django.html"]
    own = [one for one in document["templates"] if "/sample_site/" in one["path"]]
    assert len(document["templates"]) > 100 and len(own) > 10
    codes = {finding["code"] for one in own for finding in one["findings"] if one["native"]}
    assert codes <= {"foreign-filter", "django-filter"}


def test_our_own_suite_s_templates_are_native():
    document = json.loads(check(format="json"))
    left = [one["name"] for one in document["templates"] if not one["native"]]
    assert left == []
