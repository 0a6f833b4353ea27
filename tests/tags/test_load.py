"""`{% load %}`."""

import pytest

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    "{% load humanize %}{{ n|intcomma }}",
    "{% load humanize seam_tags %}{{ n|ordinal|framed }}",
    "{% load intcomma from humanize %}{{ n|intcomma }}",
    "{% load intcomma ordinal from humanize %}{{ n|ordinal }}",
    "{% load add twice from seam_tags %}{% add n 1 %}{{ n|twice }}",
    "{% load %}{{ n }}",
    "a{% load i18n %}b\n{% load l10n tz %}\nc",
    "{% if 0 %}{% load humanize %}{% endif %}{{ n|intcomma }}",
    "{% load seam_tags %}{% load humanize %}{{ n|intcomma|framed:'-' }}",
    "{% load shadowing %}{{ n|upper }}{{ n|lower }}{% now 'Y' %}{% if x %}{% with a=1 %}{{ a }}"
    "{% endwith %}",
    "{{ n|upper }}{% load shadowing %}{{ n|upper }}",
    "{% block a %}{% load humanize %}{% endblock %}{{ n|intcomma }}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_load(source):
    assert_same(source, {"n": 1234567})


def test_builtins_of_the_engine():
    builtins = ["tests.seam.templatetags.seam_tags", "tests.seam.templatetags.shadowing"]
    source = "{% add n 1 %}{{ n|twice }}{{ n|upper }}{% now 'Y' %}{% if n %}"
    assert_same(source, {"n": 1}, builtins=builtins)


def test_libraries_of_the_engine():
    libraries = {"mine": "tests.seam.templatetags.shadowing"}
    assert_same("{% load mine %}{{ n|upper }}", {"n": "n"}, libraries=libraries)


@pytest.mark.parametrize(
    "source",
    [
        "{% load nowhere %}",
        "{% load nothing from humanize %}",
        "{% load intcomma from nowhere %}",
        "{% load from humanize %}{{ n|intcomma }}",
        "{% load intcomma %}",
        "{{ n|intcomma }}{% load humanize %}",
        "{% add 1 %}{% load seam_tags %}",
        "{% load add from seam_tags %}{{ n|twice }}",
    ],
)
def test_malformed(source):
    assert_same_error(source, {"n": 1})
