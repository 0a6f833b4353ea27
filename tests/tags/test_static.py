"""`{% static %}` and its relatives."""

import pytest
from django.test import override_settings

from tests.oracle import assert_same, assert_same_error

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
