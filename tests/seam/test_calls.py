"""Tags that `Library` makes of functions are called by the engine itself, as Django calls them."""

from unittest import mock

import pytest
from django.template import Context, engines
from django.template.library import InclusionNode, SimpleNode
from django.utils import translation

from djust_engine.backends.django import Engine
from tests.oracle import CONFIGURATIONS, assert_same, assert_same_error, make_engine
from tests.tags.objects import Person

TEMPLATES = {
    "card.html": "[{{ title }}{{ rest }}{{ a }}{% csrf_token %}{% cycle 1 2 %}"
    "{% for i in 'ab' %}{{ forloop.counter }}{{ i }}{% endfor %}{{ csrf_token }}]",
    "loop.html": "{% load function_tags %}{% endless number %}",
}
SOURCES = [
    "{% told %}{% told a 'b' 1 2.5 _('c') x=a|upper y=missing %}",
    "{% told a as t %}[{{ t }}]{% told l|first n.upper %}",
    "{% with w=1 %}{% told a as t %}{{ t }}{% endwith %}[{{ t }}]",
    "{% for i in l %}{% told i forloop.counter as t %}{{ t }}{% endfor %}{{ t }}",
    "{% marked a %}{% marked '<b>' as m %}{{ m }}",
    "{% autoescape off %}{% told a %}{% marked a %}{% endautoescape %}",
    "{% answer None %}{% answer 5 %}{% answer a %}{% answer '<safe>' %}{% answer l %}",
    "{% only_named first=a %}{% only_named second=1 first=2 %}",
    "{% names 'a' 'w' %}{% with w='<w>' %}{% names 'a' 'w' 'True' %}{% endwith %}",
    "{% for i in l %}{% names 'i' 'forloop' %}{% endfor %}",
    "{% assign 'a' 'new' %}{{ a }}{% with a=1 %}{% assign 'a' 2 %}{{ a }}{% endwith %}{{ a }}",
    "{% autoescape on %}{% assign 'a' '<b>' False %}{{ a }}{% endautoescape %}{{ a }}",
    "{% framed %}x{{ a }}{% endframed %}{% framed mark=a %}{% cycle 'p' 'q' as c %}{% endframed %}",
    "{% framed a as f %}x{{ a }}{% endframed %}[{{ f }}]",
    "{% framed %}{% framed '-' %}{% for i in l %}{{ i }}{% endfor %}{% endframed %}{% endframed %}",
    "{% with a=1 %}{% labelled 'p' l %}{{ a }}{% block b %}{{ a }}{% endblock %}{% done %}"
    "{% endwith %}",
    "{% card a %}{% card 't' x=l y=a %}{% card title=a|lower %}",
    "{% for i in l %}{% card i %}{% endfor %}",
    "{% with csrf_token='<own>' %}{% card a %}{% endwith %}{% wrong_card %}",
    "{% with a='inner' %}{% context_card 't' %}{% same_context %}{% endwith %}{% same_context %}",
    "{% chosen_card a %}{% late_card a %}{% chosen_card a %}",
    "{% autoescape off %}{% card a %}{% endautoescape %}",
    "{% names 'b' %}{% with b=2 %}{% told b %}{% names 'b' %}{% told b %}{% endwith %}",
    "{% told person.method person.silent person.none %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_calls(source):
    context = {"a": "<a>", "l": ["p", "<q>"], "n": "n", "csrf_token": "tok&en"}
    assert_same("{% load function_tags %}" + source, {**context, "person": Person()}, TEMPLATES)


@pytest.mark.parametrize(
    "source",
    [
        "{% told *a %}",
        "{% told x=1 2 %}",
        "{% told x=1 x=2 %}",
        "{% only_named %}",
        "{% only_named 1 %}",
        "{% answer %}",
        "{% answer a|nope %}",
        "{% framed %}",
        "\n{% fail 0 %}",
        "\n{% fail number=0 as f %}",
        "\n{% fail 'x' %}",
        "\n{% told f %}",
        "\n{% told a x=1|add:f %}",
        "\n{% framed %}\n{{ f }}{% endframed %}",
        "{% lost_card %}",
        "\n{% card f %}",
    ],
)
def test_failures(source):
    assert_same_error("{% load function_tags %}" + source, {"f": lambda: 1 / 0}, TEMPLATES)


@pytest.mark.parametrize("value", [5, None, ["a"], b"x"])
def test_what_is_no_text_cannot_be_joined(value):
    source = "{% load function_tags %}a{% autoescape off %}b{% answer v %}c{% endautoescape %}"
    assert_same_error(source, {"v": value})


def test_a_tag_that_includes_itself():
    assert_same_error("{% load function_tags %}{% endless 1 %}", {}, TEMPLATES)


def test_a_context_left_pushed():
    source = "{% load function_tags %}{% leave_pushed %}{{ pushed }}{% told pushed %}"
    assert_same(source)


def test_the_language_that_a_tag_activates():
    source = (
        "{% load function_tags i18n %}{{ d }}{% speak 'de' %}{{ d }}{% translate 'Yes' %}"
        "{% speak 'en' %}{{ d }}"
    )
    with translation.override("en"):
        assert_same(source, {"d": 1234.5})


@pytest.mark.parametrize("node", [SimpleNode, InclusionNode])
def test_a_patched_node_renders_itself(node):
    def render(self, context):
        return f"patched {len(self.args)}"

    with mock.patch.object(node, "render", render):
        source = "{% load function_tags %}{% told 1 %}{% card 2 %}{% framed 3 %}{% endframed %}"
        assert_same(source, {}, TEMPLATES)


def test_explain_tells_what_is_called():
    source = "{% load function_tags %}{% told 1 %}{% querystring a=1 %}"
    (entry,) = engines["django"].from_string(source).explain()
    assert entry.is_call
    assert (entry.name, entry.code, entry.why) == (
        "told",
        "called-tag",
        "tests.seam.templatetags.function_tags.told is called",
    )


def test_templates_that_come_and_go():
    cards = {f"{at}.html": f"{at}[{{{{ title }}}}]" for at in range(9)}
    made = make_engine(Engine, cards, CONFIGURATIONS[0])

    def templates():
        for at in [*range(9)] * 9:
            yield made.from_string("{% include 'AT.html' %}".replace("AT", str(at)))

    text = made.from_string("{% for one in all %}{% include one %}{% endfor %}")
    expected = "".join(f"{at}[]" for at in range(9)) * 9
    assert text.render(Context({"all": templates()})) == expected
