"""Verify mode: what is compared and reported, and what is served."""

import logging
import subprocess
import sys

import django
import pytest
from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.test import override_settings
from django.utils.safestring import SafeString

from djust_engine import conf, decisions
from djust_engine.backends.django import Template
from djust_engine.verify import VerificationError
from tests.product.wrong import (
    assert_the_same,
    comparisons,
    difference_in,
    verified_template,
    wrong_template,
)
from tests.settings import OURS

SAME = [
    ("plain", {}),
    ("{{ a }}{{ a|safe }}{{ missing }}", {"a": "<a>"}),
    ("{% for x in l %}{% cycle 'a' 'b' %}{% ifchanged x %}{{ x }}{% endifchanged %}{% endfor %}",
     {"l": [1, 1, 2]}),
    ("{% extends 'seam/base.html' %}{% block body %}{{ block.super }}{{ a }}{% endblock %}",
     {"a": 1}),
    ("{% include 'seam/part.html' with a=1 %}", {}),
    ("{% load i18n %}{% translate 'Yes' %}{{ a|random }}{% lorem 3 w random %}", {"a": "abcdefgh"}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "context"), SAME)
def test_the_same_is_served(source, context, templates):
    text = assert_the_same(source, context)
    assert type(text) is SafeString
    assert len(text) > 4


@pytest.fixture
def templates(settings):
    """Templates by name, for both engines."""
    names = {
        "seam/base.html": "<{% block body %}base{% endblock %}>",
        "seam/part.html": "part {{ a }}",
        "broken.html": "a\n{{ a|nothing }}",
        "lost.html": "{% include 'nowhere.html' %}",
    }
    locmem = ("django.template.loaders.locmem.Loader", names)
    ours = {"BACKEND": "djust_engine.backends.django.DjustTemplates"}
    settings.TEMPLATES = [{**ours, "OPTIONS": {"loaders": [locmem]}}]
    return names


# Source for Django, source for us, context -> kind, line, variable, Django's text, ours.
DIFFERENT = [
    ("a\n{{ x }}b", "a\n{{ x|upper }}b", {"x": "x"}, ("text", 2, "x", "a\\n ⟶ xb", "a\\n ⟶ Xb")),
    ("{{ x }}\n{{ y }}.", "{{ x }}\n{{ x }}.", {"x": "x"},
     ("text", 2, "y", "x\\n ⟶ .", "x\\n ⟶ x.")),
    ("{{ x.z }}\n{{ x.y }}.", "{{ x.z }}\n.", {"x": {"y": 5}},
     ("text", 2, "x.y", "\\n ⟶ 5.", "\\n ⟶ .")),
    ("{{ x }}\n{% if x %}a{% endif %}.", "{{ x }}\n.", {"x": 1},
     ("text", 2, "", "1\\n ⟶ a.", "1\\n ⟶ .")),
    ("a\n{% for i in x %}\n{{ i.n }}{% endfor %}", "a\n{% for i in x %}\n1{% endfor %}",
     {"x": [{"n": 1}, {"n": 2}]}, ("text", 3, "i.n", "a\\n\\n1\\n ⟶ 2", "a\\n\\n1\\n ⟶ 1")),
    ("{% for i in x %}{{ i }}{% endfor %}", "{% for i in x %}{{ i }}{% endfor %}!",
     {"x": [1, 2]}, ("text", 1, "i", "12 ⟶ ", "12 ⟶ !")),
    ("{% with a=x %}\n{% firstof b a %}{% endwith %}", "{% with a=x %}\n{% endwith %}",
     {"x": 3}, ("text", 2, "", "\\n ⟶ 3", "\\n ⟶ ")),
    ("{% autoescape off %}{{ x }}{% endautoescape %}", "{{ x }}", {"x": "<"},
     ("text", 1, "x", " ⟶ <", " ⟶ &lt;")),
]  # fmt: skip


@pytest.mark.parametrize(("django", "ours", "context", "expected"), DIFFERENT)
def test_a_different_text(django, ours, context, expected):
    found = difference_in(django, ours, context)
    kind, line, variable, their_text, our_text = expected
    assert (found.kind, found.place.line, found.place.variable) == (kind, line, variable)
    assert (found.django, found.ours) == (their_text, our_text)


def test_a_difference_inside_other_templates(templates):
    templates["seam/part.html"] = "one\ntwo {{ a }}"
    django = "{% extends 'seam/base.html' %}{% block body %}\n{% include part %}{% endblock %}"
    found = difference_in(django, "<\none\ntwo 4>", {"a": 5, "part": "seam/part.html"})
    assert found.place == ("seam/part.html", 2, "{{ a }}", "a", "a")
    assert str(found) == (
        "seam/part.html:2: djust_engine and Django rendered different texts\n"
        "  source: {{ a }}\n"
        "  variable: a\n"
        "  Django: <\\none\\ntwo  ⟶ 5>\n"
        "  djust_engine: <\\none\\ntwo  ⟶ 4>"
    )


PATHS = [
    ("{{ a.b.c|upper }}", "a.b.c"),
    ("{% for i in a.l %}{% if i %}{{ i.b }}{% endif %}{% endfor %}", "a.l.1.b"),
    (
        "{% for k, v in a.d.items %}{% for w in v %}x{{ w }}{% endfor %}{% endfor %}",
        "a.d.items.1.1.0",
    ),
    ("{% with x=a.b %}{% with y=x.c z=1 %}{{ y }}{% endwith %}{% endwith %}", "a.b.c"),
    ("{% include 'seam/part.html' with a=a.b.c only %}", "a.b.c"),
    ("{% for i in a.l reversed %}{{ i.b }}{% endfor %}", "i.b"),
]


@pytest.mark.parametrize(("source", "path"), PATHS)
def test_the_path_from_the_context(source, path, templates):
    values = {"b": {"c": "<c>"}, "l": [{}, {"b": "second"}], "d": {"e": [], "f": ["third"]}}
    templates["seam/part.html"] = "{{ a }}"
    ours = "x" if "d.items" in source else ""
    assert difference_in(source, ours, {"a": values}).place.path == path


def test_an_exception_of_django_s_alone():
    found = difference_in("a\n{% include x %}", "a", {"x": "nowhere.html"})
    assert (found.kind, found.place.line) == ("error", 2)
    assert found.django.startswith("TemplateDoesNotExist: nowhere.html")
    assert found.ours == "a text of 1 characters"


def test_an_exception_of_ours_alone():
    found = difference_in("abc", "{% include x %}", {"x": "nowhere.html"})
    assert (found.kind, found.django) == ("error", "a text of 3 characters")
    assert found.ours.startswith("TemplateDoesNotExist: nowhere.html")


def test_exceptions_that_differ():
    found = difference_in("{% include x %}", "{% include y %}", {"x": "x.html", "y": "y.html"})
    assert found.kind == "error"
    assert found.django.startswith("TemplateDoesNotExist: x.html")
    assert found.ours.startswith("TemplateDoesNotExist: y.html")


def test_the_same_exception_is_raised_once(templates):
    def render():
        with pytest.raises(TemplateDoesNotExist) as error:
            engines["django"].get_template("lost.html").render()
        return error.value

    error, modes = comparisons(render)
    assert modes == ["same"]
    assert error.backend is engines["django"]
    assert str(error) == "nowhere.html"


def test_the_debug_data_of_an_exception(settings):
    settings.TEMPLATES = [{**OURS, "OPTIONS": {"debug": True}}]
    source = "one\n{% for x in 'a' %}\n{% include 'nowhere.html' %}{% endfor %}"

    def render():
        with pytest.raises(TemplateDoesNotExist) as error:
            verified_template(source).render()
        return error.value.template_debug

    debug, modes = comparisons(render)
    assert modes == ["same"]
    assert (debug["line"], debug["during"]) == (3, "{% include 'nowhere.html' %}")


def test_what_only_django_refuses():
    def render():
        return verified_template("a{% if %}b")

    with pytest.raises(TemplateSyntaxError):
        comparisons(render)
    template = wrong_template("a{{ x }}", "a")
    template.template.twin = None
    template.template.source = "a{% nothing %}"
    from djust_engine.verify import make_twin

    with pytest.raises(VerificationError, match="Invalid block tag on line 1: 'nothing'"):
        make_twin(template.template, None, "raise")
    with pytest.raises(TemplateSyntaxError):
        make_twin(template.template, None, "log")


def test_log_mode_logs_and_serves_django_s_text(caplog, decisions):
    with caplog.at_level(logging.ERROR, logger="djust.jit"):
        assert wrong_template("a{{ x }}", "b{{ x }}", "log").render({"x": 1}) == "a1"
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("djust.jit", "ERROR")
    assert "Django:  ⟶ a1\n  djust_engine:  ⟶ b1" in record.getMessage()
    (found,) = [one for one in decisions if one.kind == "verify"]
    assert (found.mode, found.detail["kind"]) == ("different", "text")
    assert (found.detail["django"], found.detail["ours"]) == (" ⟶ a1", " ⟶ b1")
    assert "verify different" in decisions_line(found)


def decisions_line(decision):
    return decisions.line(decision)


def test_raise_mode_raises():
    with pytest.raises(VerificationError, match="rendered different texts") as error:
        wrong_template("a", "b").render()
    assert error.value.difference.kind == "text"


def test_a_text_that_is_not_safe():
    template = wrong_template("a", "a")
    template.comparison.template._render = lambda context: "a"
    with pytest.raises(VerificationError, match="texts of different types") as error:
        template.render()
    assert (error.value.difference.django, error.value.difference.ours) == ("SafeString", "str")


def test_off_is_the_default_and_costs_nothing():
    assert conf.Config().VERIFY is None
    assert type(engines["django"].from_string("a")) is Template
    code = (
        "import django; from django.conf import settings; settings.configure(TEMPLATES=[{'BACKEND':"
        "'djust_engine.backends.django.DjustTemplates'}]); django.setup();"
        "from django.template import engines; engines['django'].from_string('a').render();"
        "import sys; assert 'djust_engine.template' in sys.modules;"
        "assert 'djust_engine.verify' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_changed_setting_holds_from_the_next_template():
    assert type(verified_template("a")) is Template
    with override_settings(DJUST_CONFIG={"VERIFY": "log"}):
        assert type(verified_template("a")) is not Template
    assert type(verified_template("a")) is Template


def test_a_changed_template_is_new_to_both(templates):
    def render():
        return engines["django"].get_template("seam/part.html").render({"a": 1})

    assert comparisons(render) == ("part 1", ["same"])
    templates["seam/part.html"] = "changed {{ a }}"
    for loader in engines["django"].engine.template_loaders:
        loader.reset()
    assert comparisons(render) == ("changed 1", ["same"])


def test_names_and_explain_are_those_of_the_backend_s_templates(templates):
    with override_settings(DJUST_CONFIG={"VERIFY": "raise"}):
        template = engines["django"].get_template("seam/part.html")
    assert template.origin.template_name == "seam/part.html"
    assert template.explain() == []


def test_a_filter_that_knows_whose_template_it_is_in(monkeypatch):
    """Django's side is Django's to the class of its templates and engines, when marked, too."""
    library = engines["django"].engine.template_libraries["seam_tags"]

    @library.simple_tag(takes_context=True, name="whose")
    def whose(context):
        template = context.template
        return f"{type(template)} {type(template.engine).__module__} {type(template.engine)}"

    with pytest.raises(VerificationError, match="rendered different texts") as error:
        comparisons(lambda: verified_template("\n{% load seam_tags %}{% whose %}").render())
    place = error.value.difference.place
    assert (place.line, place.source) == (2, "{% whose %}")
    del library.tags["whose"]


def test_a_nodelist_that_was_changed_is_not_compared(templates):
    def render():
        template = engines["django"].get_template("seam/part.html")
        template.template.nodelist.clear()
        return template.render({"a": 1})

    assert comparisons(render) == ("", ["unstable"])


@pytest.mark.skipif(django.VERSION < (6, 0), reason="Django 5.2 has no partials")
def test_a_partial(templates):
    templates["partials.html"] = "{% partialdef p %}[{{ a }}]{% endpartialdef %}all {% partial p %}"

    def render():
        parts = [engines["django"].get_template(f"partials.html{name}") for name in ("", "#p")]
        return [part.render({"a": "<"}) for part in parts]

    assert comparisons(render) == (["all [&lt;]", "[&lt;]"], ["same", "same"])
