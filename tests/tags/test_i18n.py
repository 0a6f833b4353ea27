"""The tags of `{% load i18n %}`."""

import pytest
from django.template import engines
from django.utils import translation

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    "{% translate 'Home' %}",
    "{% trans 'Home' %}",
    "{% translate a %}{% translate a|upper %}",
    "{% translate 'Home' noop %}",
    "{% translate 'May' context 'month name' %}",
    "{% translate 'Home' as home %}[{{ home }}]",
    "{% translate '<b>100%</b>' %}",
    "{% blocktranslate %}Home{% endblocktranslate %}",
    "{% blocktranslate %}Hello {{ a }} and {{ missing }}{% endblocktranslate %}",
    "{% blocktranslate with x=a|upper y=n %}Hi {{ x }} {{ y }} 100%{% endblocktranslate %}",
    "{% blocktranslate count n=n %}{{ n }} item{% plural %}{{ n }} items{% endblocktranslate %}",
    "{% blocktranslate count c=one with x=a %}one {{ x }}{% plural %}{{ c }} {{ x }}"
    "{% endblocktranslate %}",
    "{% blocktranslate trimmed %}\n  Two\n  lines {{ a }}\n{% endblocktranslate %}",
    "{% blocktranslate asvar text %}{{ a }}{% endblocktranslate %}[{{ text }}]",
    "{% for i in l %}{% blocktranslate %}{{ i }}: {{ a }}{% endblocktranslate %}{% endfor %}",
    "{% get_current_language as code %}{{ code }}{% get_current_language_bidi as b %}{{ b }}",
    "{% get_available_languages as all %}{% for c, n in all %}{{ c }}={{ n }};{% endfor %}",
    "{% get_language_info for 'de' as de %}{{ de.name_local }}{{ 'fr'|language_name }}",
    "{% get_language_info_list for l2 as infos %}{% for i in infos %}{{ i.code }}{% endfor %}",
    "{% language 'de' %}{% translate 'Home' %}{{ _('Home') }}{{ n }}{% endlanguage %}"
    "{{ _('Home') }}",
    "{{ _('Home') }}{{ missing|default:_('Home') }}{% if _('Home') %}x{% endif %}",
]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_i18n(source, language):
    context = {"a": "<Home>", "n": 1234567, "one": 1, "l": [1, 2], "l2": ["de", "fr"]}
    with translation.override(language):
        assert_same("{% load i18n %}" + source, context)


def test_one_compiled_template_in_two_languages():
    template = engines["django"].from_string(
        "{% load i18n %}{% translate 'Home' %} {{ _('Home') }}"
    )
    texts = set()
    for language in ("en", "de", "en"):
        with translation.override(language):
            texts.add((language, template.render()))
    assert texts == {("en", "Home Home"), ("de", "Start Start")}


@pytest.mark.parametrize(
    "source",
    [
        "{% load i18n %}{% translate %}",
        "{% load i18n %}{% translate 'a' what %}",
        "{% load i18n %}{% blocktranslate %}{% if a %}{% endblocktranslate %}",
        "{% load i18n %}{% blocktranslate %}",
        "{% load i18n %}{% blocktranslate count %}{% endblocktranslate %}",
        "{% load i18n %}{% blocktranslate count n=text %}a{% plural %}b{% endblocktranslate %}",
        "{% load i18n %}{% language 'de' %}",
    ],
)
def test_failures(source):
    assert_same_error(source, {"text": "x"})
