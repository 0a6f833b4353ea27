"""`{% filter %}`."""

import pytest

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    "{% filter upper %}text {{ a }}{% endfilter %}",
    "{% filter force_escape|lower %}<B>{{ a }}{% endfilter %}",
    "{% filter cut:'x'|upper %}xyx{{ a }}{% endfilter %}",
    "{% filter upper %}{% for i in l %}{{ i }}{% if i %}y{% endif %}{% endfor %}{% endfilter %}",
    "{% filter upper %}{% filter lower %}{{ a }}Q{% endfilter %}{% endfilter %}",
    "{% filter default:var %}{% endfilter %}",
    "{% for i in l %}{% filter add:i %}{{ i }}{% endfilter %}{% endfor %}",
    "{% filter upper %}{% block b %}{{ a }}{% endblock %}{% include 'part.html' %}{% endfilter %}",
    "{% filter linebreaks %}a\n{{ a }}{% endfilter %}",
    "{% filter   upper|cut:'X' %}xy{% endfilter %}",
    "{% with var=1 %}{% filter default:var %}{{ var }}{% endfilter %}{{ var }}{% endwith %}",
    "{% filter upper %}{% cycle 'a' 'b' as c %}{% endfilter %}{{ c }}",
    "{% autoescape off %}{% filter urlize %}http://a.b {{ a }}{% endfilter %}{% endautoescape %}",
    "{% filter slice:':2' %}{{ surrogate }}{% endfilter %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_filter(source):
    assert_same(
        source,
        {"a": "<a>", "l": ["p", "q"], "surrogate": "\ud800abc"},
        {"part.html": "part {{ a }}"},
    )


@pytest.mark.parametrize(
    "source",
    [
        "{% filter %}{% endfilter %}",
        "{% filter nope %}{% endfilter %}",
        "{% filter safe %}{% endfilter %}",
        "{% filter escape %}{% endfilter %}",
        "{% filter upper|safe %}{% endfilter %}",
        "{% filter upper %}",
        "{% filter UPPER|upper %}{% endfilter %}",
        "{% filter upper %}{% endfilter upper %}{% else %}",
    ],
)
def test_malformed(source):
    assert_same_error(source)


@pytest.mark.parametrize("name", ["length", "wordcount", "make_list", "first|length"])
def test_what_is_no_text_cannot_be_joined(name):
    assert_same_error("a{% filter NAME %}b{% endfilter %}c".replace("NAME", name))
    assert_same_error(
        "{% if 1 %}a{% filter NAME %}b{% endfilter %}{% endif %}".replace("NAME", name)
    )


def test_errors_inside():
    for source in (
        "{% filter upper %}\n{{ f }}{% endfilter %}",
        "\n{% filter cut:f %}{% endfilter %}",
    ):
        assert_same_error(source, {"f": lambda: 1 / 0})


def test_what_decides_is_the_registered_name():
    libraries = {"renamed": "tests.tags.renamed"}
    assert_same("{% load renamed %}{% filter plain %}<b>{% endfilter %}", libraries=libraries)
    for name in ("escape", "harmless"):
        source = "{% load renamed %}{% filter NAME %}<b>{% endfilter %}".replace("NAME", name)
        assert_same_error(source, libraries=libraries)


@pytest.mark.parametrize("inner", ["if 1", "localize on", "with a=1", "for x in 'ab'", "spaceless"])
def test_a_number_is_no_text_once_all_nodes_of_its_list_are_rendered(inner):
    end = "end" + inner.split()[0]
    nested = "{% " + inner + " %}x{% " + end + " %}"
    number = "{% load l10n %}{% filter length %}ab{% endfilter %}"
    assert_same_error(number + nested + "{% url 'nowhere' %}")
    assert_same_error(number + nested + "y")
