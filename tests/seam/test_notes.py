"""An exception that leaves a render carries a note: which templates it came through, and where."""

import sys
import traceback

import pytest
from django.template import Context, TemplateDoesNotExist, engine
from django.test import RequestFactory
from django.views.debug import ExceptionReporter

from djust_engine.backends.django import Engine
from tests.oracle import instrumentation

HEADING = "Template stack, innermost first:"
TEMPLATES = {
    "plain.html": "one\ntwo {{ f }}",
    "loop.html": "{% for i in 'ab' %}\n{% if i %}{% with j=i %}{{ f }}{% endwith %}{% endif %}"
    "{% endfor %}",
    "includes.html": "\n\n{% include 'plain.html' %}",
    "twice.html": "{% with a=1 %}{% include 'includes.html' with b=2 %}{% endwith %}",
    "alone.html": "\n{% include 'part.html' with o=o only %}",
    "part.html": "\n\n{{ o.f }}",
    "base.html": "<\n{% block b %}{{ f }}{% endblock %}>",
    "child.html": "{% extends 'base.html' %}\n\n{% block b %}\n{{ f }}{% endblock %}",
    "super.html": "{% extends 'base.html' %}\n{% block b %}\n{{ block.super }}{% endblock %}",
    "grandchild.html": "{% extends 'child.html' %}",
    "wrapped.html": "{% load seam_tags %}{% wrap 1 %}\n{{ f }}{% endwrap %}",
    "inclusion.html": "{{ title }}\n{{ title.f }}",
    "called.html": "{% load seam_tags %}\n{% card o %}",
    "lost.html": "\n{% include 'nowhere.html' %}",
    "endless.html": "{% include 'endless.html' %}",
}
STACKS = {
    "plain.html": ["in plain.html:2"],
    "loop.html": ["in loop.html:2"],
    "includes.html": ["in plain.html:2", "included from includes.html:3"],
    "twice.html": [
        "in plain.html:2",
        "included from includes.html:3",
        "included from twice.html:1",
    ],
    "alone.html": ["in part.html:3", "included from alone.html:2"],
    "base.html": ["in base.html:2"],
    "child.html": ["in child.html:4", 'in block "b" of base.html:2', "extended by child.html:1"],
    "super.html": [
        "in base.html:2",
        "rendered from super.html:3",
        'in block "b" of base.html:2',
        "extended by super.html:1",
    ],
    "grandchild.html": [
        "in child.html:4",
        'in block "b" of base.html:2',
        "extended by child.html:1",
        "extended by grandchild.html:1",
    ],
    "wrapped.html": ["in wrapped.html:2"],
    "called.html": ["in inclusion.html:2", "rendered from called.html:2"],
    "lost.html": ["in lost.html:2"],
}
LIBRARIES = {"seam_tags": "tests.seam.templatetags.seam_tags"}


def make(engine_class, debug=False):
    loaders = [("django.template.loaders.locmem.Loader", TEMPLATES)]
    return engine_class(loaders=loaders, debug=debug, libraries=LIBRARIES)


def refuse():
    raise ValueError("refused")


def raised_by(name, context=None, debug=False, instrumented=False):
    template = make(Engine, debug).get_template(name)
    with pytest.raises(Exception) as caught, instrumentation(instrumented):
        template.render(Context({"f": refuse, "o": {"f": refuse}} if context is None else context))
    return caught.value


def stack_of(error):
    (note,) = error.__notes__
    heading, *lines = note.splitlines()
    assert heading == HEADING
    return [line.strip() for line in lines]


@pytest.mark.parametrize("instrumented", [False, True])
@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(("name", "stack"), STACKS.items())
def test_the_stack_of_templates(name, stack, debug, instrumented):
    error = raised_by(name, debug=debug, instrumented=instrumented)
    assert stack_of(error) == stack
    text = str(TemplateDoesNotExist("nowhere.html")) if name == "lost.html" else "refused"
    assert str(error) == text


def test_a_render_by_python_code_in_between():
    inner = make(Engine).get_template("includes.html")
    error = raised_by("plain.html", {"f": lambda: inner.render(Context({"f": refuse}))})
    assert stack_of(error) == [
        "in plain.html:2",
        "included from includes.html:3",
        "rendered from plain.html:2",
    ]


def test_other_notes_stay():
    def annotated():
        error = ValueError("refused")
        error.add_note("of the view")
        raise error

    error = raised_by("includes.html", {"f": annotated})
    assert error.__notes__[0] == "of the view"
    assert len(error.__notes__) == 2


def test_one_object_raised_again():
    kept = ValueError("refused")

    def again():
        raise kept

    for name in ("twice.html", "child.html", "twice.html"):
        assert stack_of(raised_by(name, {"f": again})) == STACKS[name]


def test_a_recursion_is_cut():
    assert len(stack_of(raised_by("endless.html"))) < 50


@pytest.mark.parametrize(
    "text", ["{{ f.x }}", "{% if a == f %}y{% endif %}", "{{ a.b.c|default:1 }}"]
)
def test_what_is_swallowed_is_not_noted(text):
    class Silent(Exception):
        silent_variable_failure = True

    kept = Silent("hush")

    def hush():
        raise kept

    made = make(Engine)
    assert made.from_string("{{ f }}" + text).render(Context({"f": hush})) is not None
    assert not hasattr(kept, "__notes__")


def test_what_is_no_exception_is_not_noted():
    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        make(Engine).get_template("includes.html").render(Context({"f": interrupt}))
    assert not hasattr(caught.value, "__notes__")


class Notes(ValueError):
    """It cannot take a note."""

    __notes__ = "a text"


def test_an_exception_that_takes_no_note_stays_what_it_is():
    def odd():
        raise Notes("refused")

    assert str(raised_by("includes.html", {"f": odd})) == "refused"


def test_the_traceback_shows_it():
    error = raised_by("includes.html")
    shown = "".join(traceback.format_exception(error))
    assert shown.endswith(f"\n{HEADING}\n  in plain.html:2\n  included from includes.html:3\n")


def test_the_debug_page_shows_nothing_else():
    def page(engine_class):
        request = RequestFactory().get("/")
        template = make(engine_class, debug=True).get_template("twice.html")
        try:
            template.render(Context({"f": refuse}))
        except ValueError as error:
            told = ExceptionReporter(request, *sys.exc_info()).get_traceback_data()
            return error, told

    (ours, our_page), (theirs, their_page) = page(Engine), page(engine.Engine)
    assert ours.template_debug == theirs.template_debug
    for name in ("exception_type", "template_info", "template_does_not_exist"):
        assert our_page.get(name) == their_page.get(name)
    assert str(our_page["exception_value"]) == str(their_page["exception_value"])
    assert our_page["exception_notes"].strip().startswith(HEADING)
