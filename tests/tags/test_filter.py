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
]


@pytest.mark.parametrize("source", SOURCES)
def test_filter(source):
    assert_same(source, {"a": "<a>", "l": ["p", "q"]}, {"part.html": "part {{ a }}"})


@pytest.mark.parametrize(
    "source",
    [
        "{% filter %}{% endfilter %}",
        "{% filter nope %}{% endfilter %}",
        "{% filter safe %}{% endfilter %}",
        "{% filter escape %}{% endfilter %}",
        "{% filter upper|safe %}{% endfilter %}",
        "{% filter upper %}",
    ],
)
def test_malformed(source):
    assert_same_error(source)
