"""`{% ifchanged %}`."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.template import engines

from tests.oracle import assert_same, assert_same_error

CONTEXT = {
    "l": [1, 1, 2, 2, 1],
    "m": ["a", "a", "<b>"],
    "pairs": [(1, "x"), (1, "y"), (2, "y"), (2, "y")],
    "mixed": [1, True, 1.0, "1", None, None, [], []],
    "nan": [float("nan")] * 2,
}
SOURCES = [
    "{% for i in l %}{% ifchanged %}{{ i }}{% endifchanged %}{% endfor %}",
    "{% for i in l %}{% ifchanged i %}{{ i }}{% endifchanged %}{% endfor %}",
    "{% for i in l %}{% ifchanged i %}{{ i }}{% else %}-{% endifchanged %}{% endfor %}",
    "{% for i in l %}{% ifchanged %}{{ i }}{% else %}-{% endifchanged %}{% endfor %}",
    "{% for i in m %}{% ifchanged %}<p>{{ i }}</p>{% endifchanged %}{% endfor %}",
    "{% for a, b in pairs %}{% ifchanged a b %}{{ a }}{{ b }}{% endifchanged %}{% endfor %}",
    "{% for a, b in pairs %}{% ifchanged a %}{{ a }}{% endifchanged %}{% ifchanged b %}{{ b }}"
    "{% endifchanged %}{% endfor %}",
    "{% for i in l %}{% for j in m %}{% ifchanged j %}{{ j }}{% endifchanged %}{% endfor %}"
    "{% endfor %}",
    "{% for i in l %}{% for j in m %}{% ifchanged i %}{{ i }}{% endifchanged %}{% endfor %}"
    "{% endfor %}",
    "{% for i in mixed %}{% ifchanged i %}[{{ i }}]{% endifchanged %}{% endfor %}",
    "{% for i in nan %}{% ifchanged i %}[{{ i }}]{% endifchanged %}{% endfor %}",
    "{% ifchanged %}once{% endifchanged %}{% ifchanged m %}{{ m }}{% endifchanged %}",
    "{% for i in l %}{% ifchanged missing %}m{% endifchanged %}{% endfor %}",
    "{% for i in l %}{% ifchanged missing i|add:1 'x' %}{{ i }}{% endifchanged %}{% endfor %}",
    "{% for i in l %}{% include 'part.html' %}{% endfor %}",
    "{% for i in l %}{% include 'part.html' with forloop=1 %}{% endfor %}",
    "{% include 'part.html' with i=1 %}{% include 'part.html' with i=1 %}",
    "{% for i in l %}{% ifchanged %}{% cycle 'a' 'b' %}{% endifchanged %}{% endfor %}",
    "{% for i in l %}{% ifchanged %}{% if i == 1 %} {% endif %}{% endifchanged %}x{% endfor %}",
    "{% for i in l %}{% with forloop=i %}{% ifchanged i %}{{ i }}{% endifchanged %}{% endwith %}"
    "{% endfor %}",
    "{% for i in l %}{% block b %}{% ifchanged i %}{{ i }}{% endifchanged %}{% endblock %}"
    "{% endfor %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_ifchanged(source):
    templates = {"part.html": "{% ifchanged i %}{{ i }}{% endifchanged %}"}
    assert_same(source, CONTEXT, templates)


@pytest.mark.parametrize("value", ["no", "m", "pairs", "missing"])
def test_a_body_that_sets_the_name_forloop(value):
    body = "{% firstof VALUE as forloop %}{{ forloop }}".replace("VALUE", value)
    assert_same("{% ifchanged %}" + body + "{% endifchanged %}", CONTEXT)
    assert_same("{% ifchanged m %}" + body + "{% else %}x{% endifchanged %}", CONTEXT)


def test_the_state_is_there_before_the_body():
    """Its key prints as a node of ours: docs/compatibility.md."""
    inner = "{% for y in l %}{{ forloop.parentloop|length }}{% endfor %}"
    assert_same(
        f"{{% for x in l %}}{{% ifchanged %}}{inner}{{% endifchanged %}}{{% endfor %}}",
        {"l": [1, 2]},
    )
    assert_same("{% ifchanged missing.x %}y{% endifchanged %}", {"forloop": 5})
    assert_same("{% ifchanged %}{{ o.fails }}{% endifchanged %}", {"forloop": "text", "o": 1})


def test_state_belongs_to_a_render():
    source = "{% for i in l %}{% ifchanged i %}{{ i }}{% endifchanged %}{% endfor %}"
    template = engines["django"].from_string(source)
    with ThreadPoolExecutor(8) as pool:
        texts = pool.map(lambda _: template.render({"l": [1, 1, 2, 2]}), range(40))
    assert set(texts) == {"12"}


def test_the_state_that_a_loop_shows():
    assert_same(
        "{% for i in l %}{% ifchanged %}{{ i }}{% endifchanged %}{{ forloop }}{% endfor %}", CONTEXT
    )


def test_values_that_fail_to_compare():
    class Odd:
        def __eq__(self, other):
            raise KeyError("equality")

        __hash__ = None

    source = "{% for i in l %}{% ifchanged i %}x{% endifchanged %}{% endfor %}"
    assert_same(source, lambda: {"l": [Odd(), Odd()]})


@pytest.mark.parametrize(
    "source",
    [
        "{% ifchanged %}",
        "{% ifchanged a|nope %}{% endifchanged %}",
        "{% ifchanged %}{% else %}{% else %}{% endifchanged %}",
        "{% endifchanged %}",
    ],
)
def test_malformed(source):
    assert_same_error(source)
