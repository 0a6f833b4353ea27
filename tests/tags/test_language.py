"""`{% language %}`, and what is printed under it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import engines
from django.test import override_settings
from django.utils import translation

from tests.oracle import assert_same, assert_same_error

VALUES = (
    "{{ n }} {{ f }} {{ m }} {{ d }} {{ t }} {{ d|date }} {{ t|date:'l F' }} {{ f|floatformat:1 }}"
)
SOURCES = [
    "{% language 'de' %}{% translate 'Home' %}{{ _('Home') }}{% endlanguage %}{{ _('Home') }}",
    f"{VALUES}{{% language 'de' %}}{VALUES}{{% endlanguage %}}{VALUES}",
    f"{{% language 'ar' %}}{VALUES}{{% language 'fr' %}}{VALUES}{{% endlanguage %}}{VALUES}"
    f"{{% endlanguage %}}{VALUES}",
    f"{{% language None %}}{VALUES}{{% translate 'Home' %}}{{% endlanguage %}}",
    "{% language missing %}{% translate 'Home' %}{% endlanguage %}",
    "{% for code in codes %}{% language code %}{% translate 'Home' %}{{ f }}"
    "{% endlanguage %}{% endfor %}",
    "{% language 'de' %}{% include 'part.html' %}{% endlanguage %}{% include 'part.html' %}",
    "{% language 'de' %}{% include 'part.html' only %}{% endlanguage %}",
    "{% language 'de' %}{% translate 'Home' as x %}{% endlanguage %}{{ x }}{{ lazy }}",
    "{% for i in codes %}{% language i %}{% cycle 'a' 'b' %}{% ifchanged %}{{ f }}"
    "{% endifchanged %}"
    "{% endlanguage %}{% endfor %}",
    "{% language 'de'|lower %}{{ f }}{% endlanguage %}{% language 'nosuch' %}{{ f }}"
    "{% endlanguage %}",
]


def context():
    return {
        "n": 1234567,
        "f": 1234.5,
        "m": Decimal("-9876.54"),
        "d": date(2024, 2, 3),
        "t": datetime(2024, 7, 4, 22, 30, tzinfo=UTC),
        "codes": ["de", "fr", "en"],
    }


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("grouped", [False, True])
def test_language(source, grouped):
    templates = {"part.html": "{% load i18n %}{% translate 'Home' %}{{ f }}{{ d }}"}
    with override_settings(USE_THOUSAND_SEPARATOR=grouped), translation.override("en"):
        assert_same("{% load i18n %}" + source, context, templates)


def test_blocks_under_a_language():
    templates = {
        "base.html": "{% load i18n %}{% language 'de' %}{% block b %}{% endblock %}"
        "{% endlanguage %}"
    }
    source = (
        "{% extends 'base.html' %}{% load i18n %}{% block b %}{% translate 'Home' %}{% endblock %}"
    )
    assert_same(source, templates=templates)


def test_after_an_error_the_language_is_the_one_before():
    def fail():
        raise LookupError("no text")

    source = "{% load i18n %}{% language 'de' %}{{ fail }}{% endlanguage %}"
    with translation.override("fr"):
        assert_same_error(source, {"fail": fail})
        with pytest.raises(LookupError):
            engines["django"].from_string(source).render({"fail": fail})
        assert translation.get_language() == "fr"


@pytest.mark.parametrize(
    "source",
    [
        "{% language %}{% endlanguage %}",
        "{% language 'de' 'fr' %}{% endlanguage %}",
        "{% language 'de' %}",
        "{% language a|nosuch %}{% endlanguage %}",
        "{% language 5 %}{% endlanguage %}",
        "{% language list %}{% endlanguage %}",
    ],
)
def test_failures(source):
    assert_same_error("{% load i18n %}" + source, {"list": ["de"]})
