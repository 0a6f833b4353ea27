"""Literals that are translated: `_("text")` as a value, as an argument, in tags."""

import pytest
from django.template import engines
from django.utils import translation

from tests.oracle import assert_same

SOURCES = [
    "{{ _('Home') }}{{ _('Home')|upper }}{{ _('Home')|length }}",
    "{{ missing|default:_('Home') }}{{ a|default:_('Home') }}{{ a|add:_('Home') }}",
    "{{ missing|default:_('Markup & <b>') }}{{ _('<b>')|default:'x' }}{{ _('<b>')|lower }}",
    "{% autoescape off %}{{ _('<b>') }}{{ missing|default:_('<b>') }}{% endautoescape %}",
    "{% if _('Home') == 'Start' %}de{% elif _('Home') %}other{% endif %}{% if _('') %}x{% endif %}",
    "{% with x=_('Home') %}{{ x }}{{ x|upper }}{{ x.upper }}{% endwith %}",
    "{% firstof missing _('Home') %}{% cycle _('Home') 'b' %}"
    "{% for c in _('Home') %}{{ c }};{% endfor %}",
    "{% include 'part.html' with x=_('Home') %}{% include 'part.html' with x=_('<b>') only %}",
    "{{ _('100% sure') }}{{ _('100%% sure') }}{{ missing|default:_('100% sure') }}",
    "{% load i18n %}{% language 'de' %}{{ _('Home') }}{% endlanguage %}{{ _('Home') }}",
    "{% load i18n %}{% blocktranslate with x=_('Home') %}a {{ x }}{% endblocktranslate %}",
]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("language", ["en", "de", "ar", None])
def test_translated_literals(source, language):
    with translation.override(language):
        assert_same(source, {"a": "<a>"}, {"part.html": "[{{ x }}{{ x|title }}]"})


def test_one_compiled_template_in_many_languages():
    template = engines["django"].from_string("{{ _('Home') }}{{ missing|default:_('Home') }}")
    texts = []
    for language in ("en", "de", "fr"):
        with translation.override(language):
            texts.append(template.render())
    assert texts == ["HomeHome", "StartStart", "AccueilAccueil"]
