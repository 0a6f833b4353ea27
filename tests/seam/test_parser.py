"""Tags of libraries, compiled through the parser that is lent to them."""

import pytest
from django.template import TemplateSyntaxError, engines

from tests.oracle import assert_same, assert_same_error

TEMPLATES = {
    "inclusion.html": "<{{ title }}{% for k, v in rest.items %} {{ k }}={{ v }}{% endfor %}"
    " {{ a }}>",
    "base.html": "[{% block b %}base {{ a }}{% endblock %}]",
    "part.html": "{% load seam_tags %}part {% count %}{{ pushed }}{% write 'part' 'p' %}",
}
CONTEXT = {"a": "<a>", "l": [1, 2, 3], "title": "T&", "n": 5, "none": None}

FILTERS = [
    "{{ a|twice }}{{ a|safe|twice }}",
    "{{ a|framed }}{{ a|safe|framed }}{{ a|framed:'<' }}{{ a|safe|framed:n }}",
    "{{ a|bold }}{{ a|safe|bold }}{% autoescape off %}{{ a|bold }}{% endautoescape %}",
    "{{ a|hour }}{{ missing|twice }}{{ none|bold }}{{ a|twice|upper|bold|length }}",
    "{% if a|twice == '<a><a>' %}same{% endif %}{% for c in a|twice %}{{ c }}{% endfor %}",
]
DECORATED = [
    "{% add 1 2 %}{% add n 1 x=3 %}{% add %}",
    "{% add 1 2 as sum %}[{{ sum }}]",
    "{% for i in l %}{% add i n as s %}{{ s }};{% endfor %}[{{ s }}]",
    "{% markup a %}{% markup a as m %}{{ m }}{{ m|upper }}",
    "{% read 'a' %}{% with b=1 %}{% read 'b' %}{% endwith %}{% read 'b' %}",
    "{% for i in l %}{% read 'i' %}{% read 'forloop' as f %}{{ f.counter }}{% endfor %}",
    "{% write 'w' 1 %}{{ w }}{% for i in l %}{% write 'w' i %}{{ w }}{% endfor %}{{ w }}",
    "{% with x=1 %}{% write 'x' 2 %}{{ x }}{% endwith %}{{ x }}",
    "{% for i in l %}{% write 'i' 9 %}{{ i }}{% endfor %}",
    "{% if a %}{% write 'a' 'new' %}{% endif %}{{ a }}",
    "{% shout %}text {{ a }}{% endshout %}{% shout mark='?' %}{% for i in l %}{{ i }}{% endfor %}"
    "{% endshout %}",
    "{% shout as loud %}{{ a }}{% endshout %}[{{ loud }}]",
    "{% for i in l %}{% shout i %}a{{ i }}{% shout %}b{{ forloop.counter }}{% endshout %}"
    "{% endshout %}{% endfor %}",
    "{% titled 2 %}{{ a }}{% endtitled %}{% with title='inner' %}{% titled %}{% endtitled %}"
    "{% endwith %}",
    "{% card 'x' %}{% card a b=1 c=a %}",
    "{% for i in l %}{% card i n=forloop.counter %}{% endfor %}",
    "{% context_card '!' %}{% with title=n %}{% context_card '?' %}{% endwith %}",
]
COMPILED = [
    "{% wrap '-' %}in {{ a }}{% endwrap %}",
    "{% wrap a|upper %}{% wrap n %}{% for i in l %}{{ i }}{% cycle 'x' 'y' %}{% endfor %}"
    "{% endwrap %}"
    "{% endwrap %}",
    "{% for i in l %}{% wrap i %}{{ forloop.counter }}{% endwrap %}{% endfor %}",
    "{% wrap 1 %}{% if a %}{% with b=a %}{{ b }}{% endwith %}{% endif %}{% endwrap %}",
    "{% wrap 1 %}{% endwrap %}",
    "{% wrap 1 %}{% load humanize %}{{ n|ordinal }}{% endwrap %}{{ n|ordinal }}",
    "{% wrap 1 %}{% block b %}{{ a }}{% endblock %}{% endwrap %}",
    "{% choice a %}yes{% otherwise %}no{% endchoice %}{% choice none %}yes{% otherwise %}"
    "no{% endchoice %}",
    "{% choice none %}yes{% endchoice %}{% choice n %}{{ a }}{% endchoice %}",
    "{% raw %}{{ a }} {% if %}\n{# c #}{% x %}{% endraw %}{{ a }}",
    "{% skip %}{{ a }}{% if %}{% endskip %}{{ a }}",
    "{% peek %}{{ a }}{% peek %}text{% peek %}{% if a %}x{% endif %}",
    "{% count_tokens %}{{ a }}text{% if a %}{% endif %}",
    "{% pop_token %}{{ a }}{{ n }}{% pop_token %}{{ n }}",
    "{% remember a %}{% remember b %}",
    "{% place %}\n{% if a %}\n{% place %}{% endif %}{% wrap 1 %}{% place %}{% endwrap %}",
    "{% library %}{{ n|ordinal }}",
    "{% scope %}{{ pushed }}{{ left }}{% endscope %}{{ pushed }}{{ left }}",
    "{% for i in l %}{% scope %}{{ i }}{{ pushed }}{{ left }}{% endscope %}{{ left }}"
    "{% endfor %}{{ left }}",
    "{% scope %}{% include 'part.html' %}{{ part }}{% endscope %}{{ part }}",
    "{% with x=1 %}{% scope %}{% write 'x' 2 %}{{ x }}{% endscope %}{{ x }}{% endwith %}",
    "{% update %}{{ updated }}{{ title }}{% pop %}{{ updated }}{{ title }}",
    "{% update %}{% for i in l %}{{ i }}{{ updated }}{% endfor %}{% pop %}",
    "{% count %}{% count %}{% for i in l %}{% count %}{% endfor %}",
    "{% for i in l %}{% include 'part.html' %}{% endfor %}",
    "{% inspect %}{% for i in l %}{% inspect %}{% with w=1 %}{% inspect %}{% endwith %}"
    "{% endfor %}",
    "{% autoescape off %}{% inspect %}{% block b %}{% inspect %}{% endblock %}{% endautoescape %}",
    "{% unescaped %}{{ a }}{% for i in l %}{{ a|upper }}{% endfor %}{% endunescaped %}{{ a }}",
    "{% late 'a|upper' %}{% for i in l %}{% late 'i|add:1' %}{% endfor %}",
    "{% walk %}text{{ a }}{% if a %}{{ n }}{% endif %}{% endwalk %}",
    "{% each %}text{{ a }}{% if a %}{{ n }}{% endif %}{% cycle 1 2 %}{% endeach %}",
    "{% for i in l %}{% each %}{{ i }}{{ forloop.counter }}{% endeach %}{% endfor %}",
]
# Template, and the reason for which it is left to Django.
REFUSED = [
    ("{% insert %}{{ a }}", "token-inserted"),
    ("{% rewrite %}{{ old }}", "token-changed"),
    ("{% wrap 1 %}{% rewrite %}{{ old }}{% endwrap %}", "token-changed"),
    ("{% careless %}{{ a }}{% endcareless %}", "end-tags"),
    ("{% forgiving %}{% if %}{% endforgiving %}", "nested-error"),
]


@pytest.mark.parametrize("source", FILTERS + DECORATED + COMPILED)
def test_tags_and_filters(source):
    context = {**CONTEXT, "inserted": "<ins>", "new": "new!", "old": "old!"}
    assert_same("{% load seam_tags %}" + source, context, TEMPLATES)


@pytest.mark.parametrize(
    "source", [source for source in DECORATED + COMPILED if "{% block b %}" not in source]
)
def test_tags_in_a_block_of_a_child(source):
    whole = "{% extends 'base.html' %}{% load seam_tags %}{% block b %}" + source + "{% endblock %}"
    assert_same(whole, CONTEXT, TEMPLATES)


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_what_the_parser_cannot_do_is_left_to_django(source, reason):
    context = {**CONTEXT, "inserted": "<ins>", "new": "new!", "old": "old!"}
    assert_same("{% load seam_tags %}" + source, context, fallback=reason)


def test_a_tag_that_must_be_first():
    source = "{% first %}{{ a }}"
    builtins = ["tests.seam.templatetags.seam_tags"]
    assert_same(source, CONTEXT, builtins=builtins, fallback="must-be-first")
    assert_same_error("{{ a }}{% first %}", CONTEXT, builtins=builtins)


@pytest.mark.parametrize(
    "source",
    [
        "{% faulty %}",
        "{% blockless %}",
        "{% wrap %}{% endwrap %}",
        "{% wrap 1 %}",
        "{% wrap 1 %}{% if a %}{% endwrap %}",
        "{% wrap 1 %}\n{{ a|nope }}{% endwrap %}",
        "{% if a %}\n{% wrap 1 %}\n{% faulty %}{% endwrap %}{% endif %}",
        "{% raw %}{{ a }}",
        "{% skip %}{{ a }}",
        "{% add 1 x=2 3 %}",
        "{% markup %}",
        "{% markup a b %}",
        "{% markup text=a other=b %}",
        "{% shout %}",
        "{% shout %}{% endfor %}{% endshout %}",
        "{% card %}",
        "{% endwrap %}",
        "{% peek %}",
        "{% pop_token %}",
    ],
)
def test_malformed(source):
    assert_same_error("{% load seam_tags %}" + source, CONTEXT)


@pytest.mark.parametrize(
    "source",
    [
        "a\n{% fail %}",
        "{% wrap 1 %}\n{% fail %}{% endwrap %}",
        "{% for i in l %}\n{% wrap i %}{% if i %}{% fail %}{% endif %}{% endwrap %}{% endfor %}",
        "{% shout %}{% for x in n %}{% endfor %}{% endshout %}",
        "{% card a|add:missing %}",
        "{% late 'a|nope' %}",
        "{% markup missing_name.x as y %}{{ y }}{% fail %}",
        "{% pop %}{% pop %}{% pop %}",
    ],
)
def test_failures_while_rendering(source):
    assert_same_error("{% load seam_tags %}" + source, CONTEXT)


@pytest.mark.parametrize(
    "source",
    [
        "{% autoescape off %}{% add 1 2 %}{% endautoescape %}",
        "{% autoescape off %}a{{ a }}{% if a %}b{% add 1 2 %}{% endif %}{% endautoescape %}",
        "{% autoescape off %}a{# c #}{% block b %}{{ a }}{% add 1 %}{% endblock %}"
        "{% endautoescape %}",
        "{% autoescape off %}{% for i in l %}{% wrap 1 %}x{{ i }}{% add i %}{% endwrap %}"
        "{% endfor %}"
        "{% endautoescape %}",
        "{% autoescape off %}{% add 1 2 as x %}{{ x }}{% endautoescape %}",
    ],
)
def test_a_tag_that_renders_no_text(source):
    """Joining the texts of a nodelist fails, and the error names the place in that nodelist."""
    assert_same("{% load seam_tags %}" + source, CONTEXT)
    assert_same("{% load seam_tags %}{% add 1 2 %}{{ a }}", CONTEXT, autoescape=False)


def test_extra_data_reaches_the_template():
    for name in ("django", "oracle"):
        template = engines[name].from_string("{% load seam_tags %}{% remember x %}{% remember y %}")
        assert template.template.extra_data == {"seam": ["remember x", "remember y"]}


def test_the_parser_is_of_no_use_after_compilation():
    from tests.seam.templatetags.seam_tags import LateNode

    template = engines["django"].from_string("{% load seam_tags %}{% late 'a' %}").template
    parser = template.nodelist.program and template.nodelist.get_nodes_by_type(LateNode)[0].parser
    assert parser.compile_filter("a|upper") is not None


def test_the_cursor_is_dead_after_compilation():
    kept = []

    def keep(parser, token):
        kept.append(parser)
        from tests.seam.templatetags.seam_tags import SourceNode

        return SourceNode("")

    engine = engines["django"].engine
    from django.template import Library

    library = Library()
    library.tag("keep", keep)
    engine.template_builtins.append(library)
    try:
        engine.from_string("{% keep %}{{ a }}")
    finally:
        engine.template_builtins.remove(library)
    with pytest.raises(RuntimeError):
        kept[0].next_token()


def test_a_faulty_tag_names_its_error():
    with pytest.raises(TemplateSyntaxError, match="always wrong"):
        engines["django"].from_string("{% load seam_tags %}{% faulty %}")


def test_explain_names_tags_and_filters_of_libraries():
    source = "{% load seam_tags %}\n{% wrap 1 %}{{ a|twice }}{% endwrap %}\n{% ratio 1 2 3 %}"
    entries = engines["django"].from_string(source).explain()
    assert {(entry.kind, entry.name, entry.line) for entry in entries} >= {
        ("tag", "wrap", 2),
        ("filter", "twice", 2),
        ("tag", "ratio", 3),
    }
    assert {(entry.name, entry.code) for entry in entries} >= {("ratio", "django-tag")}
    assert all(entry.code and entry.why for entry in entries)


def test_explain_of_a_template_left_to_django():
    source = "{% load seam_tags %}{% careless %}{% endcareless %}"
    (entry,) = engines["django"].from_string(source).explain()
    assert (entry.kind, entry.code) == ("template", "end-tags")
    assert "parse()" in entry.why


def test_explain_of_a_native_template():
    assert engines["django"].from_string("{% if a %}{{ a|upper }}{% endif %}").explain() == []
