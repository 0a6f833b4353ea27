"""`{% static %}` and its relatives."""

from unittest import mock

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.test import override_settings
from django.utils.safestring import mark_safe

from tests.oracle import CONFIGURATIONS, assert_same, assert_same_error

SOURCES = [
    "{% load static %}{% static 'a b/é.css' %}",
    "{% load static %}{% static path %}{% static path|upper %}",
    "{% load static %}{% static 'a&b.js' %}{% autoescape off %}{% static 'a&b.js' %}"
    "{% endautoescape %}",
    "{% load static %}{% static path as address %}[{{ address }}]",
    "{% load static %}{% static missing %}",
    "{% load static %}{% static number %}",
    "{% load static %}{% with a='x.css' %}{% static a as b %}{{ b }}{% endwith %}{{ b }}",
    "{% load static %}{% get_static_prefix %}{% get_static_prefix as p %}{{ p }}",
    "{% load static %}{% get_media_prefix %}{% get_media_prefix as p %}{{ p }}",
]
MANIFEST = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
}


@pytest.mark.parametrize("source", SOURCES)
def test_static(source):
    assert_same(source, {"path": "<p>.css", "number": 5})


@pytest.mark.parametrize("address", ["/static/", "https://cdn.example/s/", "/a&b/"])
def test_addresses(address):
    with override_settings(STATIC_URL=address, MEDIA_URL=address):
        for source in SOURCES[:3] + SOURCES[-2:]:
            assert_same(source, {"path": "p.css"})


PATHS = [
    "a.css", "a/b-c_d.e.js", "", "/a.css", "//x/a", "a//b", "./a", "../a", "a/../b", "a/.b", "a/",
    "a.", "a:b", "http://x/y", "é", "a%20", "a b", "a?b", "a#b", "a\\b", "~a", "\ud800",
]  # fmt: skip
BASES = ["/static/", "https://cdn.example:80/s/", "//cdn/s/", "/a/../b/", "/s//", "s/", "/é/", "/"]


@pytest.mark.parametrize("base", BASES)
def test_paths_under_addresses(base):
    with override_settings(STATIC_URL=base):
        for path in PATHS:
            for value in (path, mark_safe(path)):
                assert_same(
                    "{% load static %}{% static path %}{% static path as b %}{{ b }}",
                    {"path": value},
                    configurations=CONFIGURATIONS[:1],
                )


class Rewriting(StaticFilesStorage):
    def url(self, name):
        return f"/rewritten/{name}?v=1&w=2"


def test_a_storage_of_a_project():
    with override_settings(STORAGES={"staticfiles": {"BACKEND": f"{__name__}.Rewriting"}}):
        assert "/rewritten/" in assert_same("{% load static %}{% static 'a.css' %}")


def test_a_patched_storage():
    with mock.patch.object(StaticFilesStorage, "url", lambda self, name: f"/patched/{name}"):
        assert "/patched/" in assert_same("{% load static %}{% static 'a.css' %}")


def test_without_the_app():
    apps = ["django.contrib.contenttypes", "django.contrib.auth"]
    with override_settings(INSTALLED_APPS=apps):
        assert_same(SOURCES[0])


@override_settings(STORAGES=MANIFEST, STATIC_ROOT="/nowhere", DEBUG=False)
def test_a_storage_that_refuses():
    assert_same_error("a\n{% load static %}{% static 'nowhere.css' %}")


@pytest.mark.parametrize(
    "source",
    [
        "{% load static %}{% static %}",
        "{% load static %}{% static 'a'|nope %}",
        "{% static 'a' %}",
        "{% load static %}{% get_static_prefix as %}",
    ],
)
def test_malformed(source):
    assert_same_error(source)
