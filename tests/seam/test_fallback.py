"""When our engine steps aside: patched classes, errors of its own, and what it says of that."""

from unittest import mock

import pytest
from django.template import (
    Context,
    TemplateSyntaxError,
    base,
    defaultfilters,
    defaulttags,
    engines,
    loader_tags,
)

from djust_engine import _native
from djust_engine.nodelist import NativeNodeList
from tests.oracle import assert_same

PATCHED = [
    (base.Template, "compile_nodelist"),
    (base.Lexer, "tokenize"),
    (base.Lexer, "create_token"),
    (base.Parser, "parse"),
    (base.Parser, "extend_nodelist"),
    (base.Parser, "compile_filter"),
    (base.Parser, "find_filter"),
    (base.FilterExpression, "resolve"),
    (base.Variable, "_resolve_lookup"),
    (base.Node, "render_annotated"),
    (base.NodeList, "render"),
    (base.TextNode, "render_annotated"),
    (base.VariableNode, "render"),
    (defaulttags.IfNode, "render"),
    (defaulttags.ForNode, "render"),
    (defaulttags.URLNode, "render"),
    (loader_tags.BlockNode, "render"),
    (loader_tags.IncludeNode, "render"),
    (loader_tags.ExtendsNode, "render"),
]


def wrapped(function):
    """As an instrumentation wraps: calls the function, under another one's code."""

    def wrapper(*arguments, **options):
        return function(*arguments, **options)

    return wrapper


@pytest.mark.parametrize(("owner", "name"), PATCHED)
def test_patched_methods(owner, name, decisions):
    with mock.patch.object(owner, name, wrapped(getattr(owner, name))):
        text = assert_same("{% if a %}{{ a|upper }}{% endif %}", {"a": "a"}, fallback="patched")
        (entry,) = engines["django"].from_string("{{ a }}").explain()
    assert text == "A"
    assert (entry.kind, entry.code) == ("template", "patched")
    assert f"{owner.__name__}.{name}" in entry.why
    assert {one.mode for one in decisions if one.kind == "template"} == {"django"}


def test_a_patch_that_changes_the_output_is_honoured():
    def shout(self, context):
        return "SHOUTED"

    with mock.patch.object(base.VariableNode, "render", shout):
        assert assert_same("{{ a }}", {"a": "a"}, fallback="patched") == "SHOUTED"


@pytest.mark.parametrize("name", ["render", "_render"])
def test_a_patched_render_of_templates_sees_every_template(name):
    """As monitoring agents do: they count templates, and call what they replaced."""
    original = getattr(base.Template, name)
    seen = []

    def counted(self, *arguments):
        seen.append(self.name)
        return original(self, *arguments)

    found = []
    for backend in ("django", "oracle"):
        seen.clear()
        with mock.patch.object(base.Template, name, counted):
            template = engines[backend].get_template("seam/page.html")
            template.render({"title": "t", "items": [1, 2]})
        found.append(list(seen))
        if backend == "django":
            assert template.explain() == []
    assert found[0] == found[1]
    assert found[0].count("seam/item.html") == 2


def test_a_replaced_filter_or_tag_of_django_is_called():
    filters, tags = defaultfilters.register.filters, defaulttags.register.tags
    with mock.patch.dict(filters, upper=lambda value: f"patched {value}"):
        assert assert_same("{{ a|upper }}", {"a": "a"}) == "patched a"

    def compile_now(parser, token):
        return base.TextNode("patched now")

    with mock.patch.dict(tags, now=compile_now):
        assert assert_same("{% now 'Y' %}") == "patched now"


def test_a_syntax_error_is_that_of_django():
    with pytest.raises(TemplateSyntaxError) as caught:
        engines["django"].from_string("{% if %}")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or "djust" not in repr(caught.value.__context__)


def test_a_native_template_is_announced(decisions):
    engines["django"].from_string("{{ a }}{% load seam_tags %}\n{% wrap 1 %}{% endwrap %}")
    kinds = [(one.kind, one.mode, one.line) for one in decisions]
    assert ("template", "native", 0) in kinds
    assert ("node", "django", 2) in kinds


class Broken:
    """A program that fails as a caught panic does."""

    blocks = {}

    def render(self, context, body=None):
        context.push(left="behind")
        raise _native.Panic("index out of bounds")


def test_a_panic_gives_the_result_of_django(decisions):
    template = engines["django"].from_string("{% for i in l %}{{ i }}{% endfor %}")
    nodelist = template.template.nodelist
    nodelist.program = Broken()
    context = Context({"l": [1, "<2>"]})
    assert template.template.render(context) == "1&lt;2&gt;"
    assert len(context.dicts) == 2
    assert [one.reason for one in decisions if "panic" in one.reason]
    assert nodelist.program is None
    assert template.render({"l": [3]}) == "3"
    (entry,) = template.explain()
    assert entry.kind == "template"


def test_a_panic_in_the_body_of_a_tag_stays_there():
    source = "{% load seam_tags %}{{ a }}{% wrap '-' %}{{ a }}{% endwrap %}"
    template = engines["django"].from_string(source)
    bodies = []
    original = NativeNodeList.render

    def spy(self, context):
        bodies.append(self)
        return original(self, context)

    with mock.patch.object(NativeNodeList, "render", spy):
        assert template.render({"a": 1}) == "1-1-"
    bodies[-1].program = Broken()
    assert template.render({"a": 1}) == "1-1-"
    assert template.template.nodelist.program is not None


def test_interrupts_pass():
    def interrupt():
        raise KeyboardInterrupt

    template = engines["django"].from_string("{% if a %}{{ a }}{% endif %}")
    with pytest.raises(KeyboardInterrupt):
        template.render({"a": interrupt})


DEEP = [
    "{% if a %}" * 3000 + "{% endif %}" * 3000,
    "{% for a in l %}" * 3000 + "{% endfor %}" * 3000,
    "{% load seam_tags %}" + "{% wrap 1 %}" * 2000 + "{% endwrap %}" * 2000,
    "{% if " + "not " * 5000 + "a %}x{% endif %}",
    "{{ a" + "|upper" * 5000 + " }}",
    "{{ a" + ".b" * 5000 + " }}",
    "{% if a" + " or a" * 5000 + " %}x{% endif %}",
]


@pytest.mark.parametrize("source", DEEP, ids=lambda source: source[:20])
def test_depth_ends_as_in_django(source):
    outcomes = []
    for name in ("django", "oracle"):
        try:
            outcomes.append(engines[name].from_string(source).render({"a": 1, "l": [1]}))
        except RecursionError as error:
            outcomes.append(type(error))
    assert outcomes[0] == outcomes[1]


def test_nesting_that_django_can_render():
    for depth in (50, 100, 130, 150):
        source = "{% if a %}" * depth + "{{ a }}" + "{% endif %}" * depth
        outcomes = []
        for name in ("django", "oracle"):
            try:
                outcomes.append(engines[name].from_string(source).render({"a": 1}))
            except RecursionError as error:
                outcomes.append(type(error))
        assert outcomes[0] == outcomes[1]
