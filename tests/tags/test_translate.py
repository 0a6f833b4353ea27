"""`{% translate %}`, also by the name `{% trans %}`."""

from unittest import mock

import pytest
from django.template import base, engines
from django.test import override_settings
from django.utils import translation
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from tests.oracle import assert_same, assert_same_error
from tests.tags.catalog import messages


class Marked:
    """Text that brings markup of its own."""

    def __init__(self, text):
        self.text = text

    def replace(self, *arguments):
        return self.text.replace(*arguments)

    def __html__(self):
        return f"<em>{self.text}</em>"

    def __str__(self):
        return self.text


SOURCES = [
    "{% translate 'Home' %}",
    '{% translate "Home" noop %}',
    "{% translate a %}{% translate a noop %}",
    "{% translate safe %}{% translate lazy %}{% translate lazy|upper %}",
    "{% translate 'Home'|upper %}{% translate 'Home'|lower|capfirst %}"
    "{% translate 'Home'|length %}",
    "{% translate a|upper noop %}{% translate missing|default:'Home' %}",
    "{% translate missing %}[{% translate missing noop %}][{% translate nothing.at.all %}]",
    "{% translate 'Markup & <b>' %}{% translate 'Markup & <b>'|upper %}{% translate markup %}",
    "{% translate '100% sure' %}{% translate percent %}{% translate '%%' %}"
    "{% translate '%' noop %}",
    "{% translate 'Hello' context 'greeting' %}{% translate 'Hello' context kind %}",
    "{% translate 'Hello' context '' %}{% translate 'Hello' context empty %}",
    "{% translate 'Hello' context missing %}{% translate 'Hello' context number %}",
    "{% translate 'Hello'|upper context 'greeting' %}{% translate hello context kind %}",
    "{% translate 'May' context 'abbrev. month' %}{% translate 'May' context 'alt. month' noop %}",
    "{% translate 'Markup & <b>' as m %}[{{ m }}]{{ m|upper }}",
    "{% translate markup as m %}[{{ m }}]{% autoescape off %}{{ m }}{% endautoescape %}",
    "{% autoescape off %}{% translate markup as m %}{% endautoescape %}{{ m }}",
    "{% autoescape off %}{% translate markup %}{% translate 'Markup & <b>' %}{% endautoescape %}",
    "{% translate 'Home' as a noop %}{{ a }}{% translate 'Home' noop context 'x' as a %}{{ a }}",
    "{% translate number noop %}{% translate float noop %}{% translate number|stringformat:'d' %}",
    "{% translate marked %}{% translate marked noop %}{% translate marked as m %}{{ m }}",
    "{% translate _('Home') %}{% translate _('Home')|upper %}{% translate _('Home') context 'c' %}",
    r"{% translate 'It\'s' %}{% translate 'back\\slash' %}{% translate 'two \\\\ three' %}",
    r"{% translate 'a\\\'b' %}{% translate 'a\\\'b' noop %}" + r'{% translate "q\"q\\" %}',
    "{% translate '' %}{% translate empty %}{% translate 'Empty' %}{% translate ' ' %}",
    "{% translate 'lines\nand more' %}{% translate windows %}",
    "{% with x=a %}{% translate x as x %}{{ x }}{% endwith %}{{ x }}",
    "{% for x in letters %}{% translate x %}{% translate 'Home' as y %}{{ y }}{% endfor %}{{ y }}",
    "{% translate 'self' as self %}{{ self }}{% translate 'a' as a.b %}{{ a.b }}",
    "{% translate 'Home'|add:missing %}",
]


def context():
    return {
        "a": "Home",
        "safe": mark_safe("<i>Home</i>"),
        "lazy": gettext_lazy("Home"),
        "markup": "Markup & <b>",
        "percent": "100% sure %(a)s %%",
        "kind": lazystr("greeting"),
        "hello": "Hello",
        "empty": "",
        "number": 1234567,
        "float": 1.5,
        "marked": Marked("Home"),
        "letters": ["Home", "<x>"],
        "windows": "one\r\ntwo\rthree",
    }


@pytest.fixture(autouse=True)
def catalog():
    with messages():
        yield


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("language", ["en", "de", "fr", "ar"])
def test_translate(source, language):
    with translation.override(language):
        assert_same("{% load i18n %}" + source, context)


def test_numbers_are_printed_by_the_language():
    with override_settings(USE_THOUSAND_SEPARATOR=True), translation.override("de"):
        assert_same(
            "{% load i18n %}{% translate n noop %}|{% translate f noop %}", {"n": 10**6, "f": 1.5}
        )


@pytest.mark.parametrize("source", ["number", "5", "1.5", "None", "list", "number|upper"])
def test_what_is_no_text_has_no_translation(source):
    data = {"number": 5, "list": []}
    assert_same_error(f"{{% load i18n %}}a{{% translate {source} %}}", data)


def test_an_argument_that_fails():
    def fail():
        raise LookupError("no text")

    assert_same_error("{% load i18n %}{% translate fail %}", {"fail": fail})
    assert_same_error("{% load i18n %}{% translate 'x' context fail %}", {"fail": fail})


def test_lone_surrogates():
    data = {"a": "Home \ud800", "b": "<\udfff>"}
    assert_same(
        "{% load i18n %}{% translate a %}{% translate b %}{% translate b as c %}{{ c }}", data
    )


def test_one_compiled_template_in_many_languages():
    source = "{% load i18n %}{% translate 'Home' %} {{ _('Home') }} {% translate a %}"
    template = engines["django"].from_string(source)
    texts = {}
    for language in ("en", "de", "en", "fr"):
        with translation.override(language):
            texts[language] = template.render({"a": "Home"})
    assert texts == {
        "en": "Home Home Home",
        "de": "Start Start Start",
        "fr": "Accueil Accueil Accueil",
    }


def test_no_language_is_active():
    with translation.override(None):
        assert_same("{% load i18n %}{% translate 'Home' %}{% translate 'x' context 'y' %}")


@pytest.mark.parametrize("name", ["gettext_lazy", "pgettext_lazy"])
def test_a_replaced_function_is_called(name):
    def replaced(*messages):
        return mark_safe("/".join(messages) + "&")

    source = "{% translate 'Home' %}{% translate 'a' context 'b' %}{% translate 'x'|upper %}"
    with mock.patch.object(base, name, replaced):
        assert_same("{% load i18n %}" + source)


def test_gettext_of_the_module_is_not_what_a_lazy_text_calls():
    source = "{% translate 'Home' %}{% translate 'a' context 'b' %}{{ _('Home') }}"
    source += "{% blocktranslate %}Home{% endblocktranslate %}"
    with mock.patch.object(translation, "gettext", lambda message: "replaced"):
        assert_same("{% load i18n %}" + source)


def test_gettext_is_called_as_often_as_by_django():
    calls = []

    def gettext(message):
        calls.append(message)
        return message

    source = "{% load i18n %}{% for i in 'abc' %}{% translate 'Home' %}{% endfor %}"
    with mock.patch.object(translation._trans, "gettext", gettext, create=True):
        engines["django"].from_string(source).render()
        ours = list(calls)
        calls.clear()
        engines["oracle"].from_string(source).render()
    assert ours == calls == ["Home"] * 3


@pytest.mark.parametrize(
    "source",
    [
        "translate",
        "translate 'a' what",
        "translate 'a' noop noop",
        "translate 'a' context",
        "translate 'a' context as",
        "translate 'a' context noop",
        "translate 'a' context 'x' context 'y'",
        "translate 'a' as",
        "translate 'a' as x as y",
        "translate a.b|nosuch",
        "translate 'a",
        "translate _a",
        "translate _('a",
        "translate 'a' context _x",
    ],
)
def test_malformed(source):
    assert_same_error("{% load i18n %}{% " + source + " %}", {"a": "x"})
