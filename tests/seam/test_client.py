"""What Django's test client, signals and debug pages see of our templates."""

import re

import pytest
from django.template import TemplateDoesNotExist, engines
from django.test import Client, RequestFactory, override_settings
from django.test.signals import template_rendered
from django.views.debug import ExceptionReporter
from pytest_django.asserts import (
    assertContains,
    assertTemplateNotUsed,
    assertTemplateUsed,
)

from tests.settings import ORACLE, OURS

ENGINES = [
    pytest.param([OURS], id="djust_engine"),
    pytest.param([{**ORACLE, "NAME": "django"}], id="django"),
]
USED = ["seam/page.html", "seam/base.html", "seam/item.html"]
MASKS = [
    (re.compile(r"0x[0-9a-f]+"), "0x"),
    (re.compile(r"csrfmiddlewaretoken[^>]*"), "csrf"),
]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("templates", ENGINES)
def test_templates_used(client, templates):
    with override_settings(TEMPLATES=templates):
        response = client.get("/seam/page/")
        for name in USED:
            assertTemplateUsed(response, name)
        assertTemplateNotUsed(response, "seam/broken.html")
        names = [template.name for template in response.templates]
        assert names == ["seam/page.html", "seam/base.html", *["seam/item.html"] * 3]


@pytest.mark.parametrize("templates", ENGINES)
def test_count_of_uses(templates):
    used, unused = (
        assertTemplateUsed("seam/item.html", count=3),
        assertTemplateNotUsed("seam/x.html"),
    )
    with override_settings(TEMPLATES=templates), used, unused:
        Client().get("/seam/page/")


@pytest.mark.parametrize("templates", ENGINES)
def test_the_context_of_a_response(client, templates):
    with override_settings(TEMPLATES=templates):
        response = client.get("/seam/page/")
        assertContains(response, "<li>3 for AnonymousUser</li>")
        assert response.context["title"] == "A page"
        assert [context["item"] for context in response.context[2:]] == [3, 3, 3]
        assert [context["forloop"]["counter"] for context in response.context[2:]] == [3, 3, 3]
        assert "block" in response.context[2]
        assert response.context["user"].is_anonymous
        assert {"items", "title", "request"} <= response.context.keys()


@pytest.mark.parametrize("templates", ENGINES)
def test_a_template_response(client, templates):
    with override_settings(TEMPLATES=templates):
        response = client.get("/seam/lazy/")
        assertTemplateUsed(response, "seam/page.html")
        assert response.context_data["items"] == [7]
        assert b"<li>7 for" in response.content


def test_the_signal_is_sent_for_each_render():
    seen = []

    def receive(sender, template, context, **others):
        seen.append((template.name, context.get("title"), len(context.dicts)))

    found = []
    for name in ("django", "oracle"):
        seen.clear()
        template_rendered.connect(receive)
        try:
            engines[name].get_template("seam/page.html").render({"title": "t", "items": [1, 2]})
        finally:
            template_rendered.disconnect(receive)
        found.append(list(seen))
    assert found[0] == found[1]
    assert len(found[0]) == 4


# The note of `tests/seam/test_notes.py`.
NOTE = re.compile(r"\nTemplate stack, innermost first:(\n  [^\n<]+)+")


def debug_page(templates, address):
    """The technical page of an error, without what differs from one run to the next."""
    with override_settings(TEMPLATES=templates, DEBUG=True):
        response = Client(raise_request_exception=False).get(address)
    assert response.status_code == 500
    return response.content.decode()


def template_part(page):
    """What a debug page says before its traceback, but for the exception's place and the time."""
    before = page[page.index('<header id="summary">') : page.index('<div id="traceback">')]
    return re.sub(
        r"<th[^>]*>(Exception Location|Server time):.*?</tr>", "", before, flags=re.DOTALL
    )


@pytest.mark.parametrize("address", ["/seam/broken/", "/seam/missing/"])
def test_the_debug_page_of_an_error_in_a_template(address):
    ours, django = (template_part(debug_page(param.values[0], address)) for param in ENGINES)
    assert "seam/" in ours
    assert mask(NOTE.sub("", ours)) == mask(django)


def mask(text):
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


def test_the_debug_page_shows_the_line_of_the_template():
    page = debug_page([OURS], "/seam/broken/")
    assert "Error during template rendering" in page
    assert "{% for one in number %}" in page
    assert "&#x27;int&#x27; object is not iterable" in page
    assert "broken.html" in page


@pytest.mark.parametrize("templates", ENGINES)
def test_the_reporter_finds_the_template(templates):
    import sys

    request = RequestFactory().get("/")
    with override_settings(TEMPLATES=templates, DEBUG=True):
        try:
            engines["django"].get_template("seam/broken.html").render({"number": 1})
        except TypeError:
            reporter = ExceptionReporter(request, *sys.exc_info())
            data = reporter.get_traceback_data()
    info = data["template_info"]
    assert (info["line"], info["name"].endswith("seam/broken.html")) == (4, True)
    assert info["during"] == "{% for one in number %}"


@pytest.mark.parametrize("debug", [False, True])
def test_a_missing_include_tells_its_chain(debug):
    found = []
    for param in ENGINES:
        (definition,) = param.values[0]
        options = {**definition["OPTIONS"], "debug": debug}
        with override_settings(TEMPLATES=[{**definition, "OPTIONS": options}]):
            with pytest.raises(TemplateDoesNotExist) as caught:
                engines["django"].get_template("seam/missing_include.html").render()
            error = caught.value
            tried = [(origin.template_name, origin.name, why) for origin, why in error.tried]
            info = getattr(error, "template_debug", {})
            found.append((str(error), tried, error.backend.name, error.chain, info.get("during")))
    assert found[0] == found[1]
    assert bool(found[0][-1]) == debug


def test_context_processors_run_once_and_below_the_view():
    calls = []

    def processor(request):
        calls.append(request)
        return {"title": "of the processor", "only": "processor"}

    from tests.seam import views

    views.processor = processor
    options = {"context_processors": ["tests.seam.views.processor"]}
    with override_settings(TEMPLATES=[{**OURS, "OPTIONS": options}]):
        template = engines["django"].from_string("{{ title }} {{ only }}{% include part %}")
        part = engines["django"].from_string(" {{ title }}")
        context = {"title": "of the view", "part": part}
        text = template.render(context, RequestFactory().get("/"))
    assert text == "of the view processor of the view"
    assert len(calls) == 1


@pytest.mark.parametrize("context", [[], "text", 5, object()])
def test_a_context_that_is_no_dictionary(context):
    errors = []
    for name in ("django", "oracle"):
        with pytest.raises(TypeError) as caught:
            engines[name].from_string("").render(context)
        errors.append(str(caught.value))
    assert errors[0] == errors[1]
