"""`{% for %}` and `{% empty %}`, and everything of `forloop`."""

from collections import deque

import pytest
from django.utils.safestring import mark_safe

from tests.filters.values import VALUES, assert_template
from tests.oracle import assert_same, assert_same_error
from tests.tags.objects import make_objects

FORLOOP = (
    "{{ forloop.counter }}{{ forloop.counter0 }}{{ forloop.revcounter }}{{ forloop.revcounter0 }}"
    "{{ forloop.first }}{{ forloop.last }}[{{ forloop.length }}]"
)
LOOPS = [
    "{% for a in l %}{{ a }},{% endfor %}",
    "{% for a in l reversed %}{{ a }},{% endfor %}",
    "{% for a in l %}" + FORLOOP + "{% endfor %}",
    "{% for a in l %}{% for b in l %}{{ forloop.parentloop.counter }}.{{ forloop.counter }} "
    "{% endfor %}{% endfor %}",
    "{% for a in l %}{% for b in l %}{% for c in l %}"
    "{{ forloop.parentloop.parentloop.counter }}{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in l %}{{ forloop.parentloop }}{{ forloop.parentloop.counter }}{% endfor %}",
    "{% for a in l %}{{ forloop }}{% endfor %}",
    "{% for a in l %}{{ forloop|length }}{{ forloop.items }}{{ forloop.missing }}{% endfor %}",
    "{% for a in l %}{% if forloop.first %}F{% elif forloop.last %}L{% else %}M{% endif %}"
    "{% endfor %}",
    "{% for a in l %}{% endfor %}{{ a }}{{ forloop }}",
    "{% for a in l %}{{ a }}{% empty %}none{% endfor %}",
    "{% for a in empty %}{{ a }}{% empty %}none {{ a }}{% endfor %}",
    "{% for a in missing %}{{ a }}{% empty %}none{% endfor %}",
    "{% for a in nothing %}{{ a }}{% empty %}none{% endfor %}",
    "{% for a in l|slice:':1' %}{{ a }}{% endfor %}",
    "{% for a in l|dictsort:'0' %}{{ a }}{% endfor %}",
    "{% for a in 'text' %}{{ a }}{% endfor %}",
    "{% for a in d %}{{ a }}{% endfor %}",
    "{% for k, v in d.items %}{{ k }}={{ v }};{% endfor %}",
    "{% for k,v in d.items %}{{ k }}={{ v }};{% endfor %}",
    "{% for k , v in pairs %}{{ k }}={{ v }};{% endfor %}",
    "{% for a, b in pairs reversed %}{{ a }}{{ b }}{{ forloop.counter }}{% endfor %}",
    "{% for a, a in pairs %}{{ a }}{% endfor %}",
    "{% for x, y, z in triples %}{{ x }}{{ y }}{{ z }}{% endfor %}",
    "{% for a in pairs %}{{ a.0 }}{{ a.1 }}{% endfor %}",
    "{% for a in l %}{% with a=1 %}{{ a }}{% endwith %}{{ a }}{% endfor %}",
    "{% for a in l %}{% for a in pairs %}{{ a.0 }}{% endfor %}{{ a }}{% endfor %}",
    "{% for l in l %}{{ l }}{% endfor %}{{ l }}",
    "{% for reversed in l %}{{ reversed }}{% endfor %}",
    "{% for forloop in l %}{{ forloop }}{% endfor %}",
    "{% for in in l %}{{ in }}{% endfor %}",
    "{% for a.b in l %}{{ a }}{% endfor %}",
    "{% for a in l %}{% cycle 'x' 'y' as c %}{{ c }}{% endfor %}{{ c }}",
    "{% for a in l %}\n  {{ a }}\n{% endfor %}\n",
    "{% for a in nested %}{% for b in a %}{{ b }}{% empty %}-{% endfor %};{% endfor %}",
    "{% for a in 123 %}{% endfor %}",
    "{% for a in l %}{{ a.name }}{{ a.0 }}{% endfor %}",
]


def make_context():
    return {
        "l": [1, "<two>", None, mark_safe("<b>")],
        "empty": [],
        "nothing": None,
        "d": {"a": 1, "<b>": "<c>"},
        "pairs": [(2, "b"), ("<1>", "a"), "xy"],
        "triples": [(1, 2, 3)],
        "nested": [[1, 2], [], (3,)],
    }


@pytest.mark.parametrize("source", LOOPS)
def test_loops(source):
    assert_same(source, make_context)


@pytest.mark.parametrize("source", LOOPS[:12])
@pytest.mark.parametrize("size", [0, 1, 2, 300])
def test_sizes(source, size):
    assert_same(source if size < 9 else LOOPS[2], {"l": list(range(size))})


ITERABLES = {
    "tuple": lambda: ("<a>", "b"),
    "set": lambda: {"<a>"},
    "dict": lambda: {"<a>": 1},
    "view": lambda: {"<a>": 1}.values(),
    "generator": lambda: (letter for letter in "ab"),
    "iterator": lambda: iter(["<a>", "b"]),
    "range": lambda: range(3),
    "deque": lambda: deque([1, 2]),
    "bytes": lambda: b"ab",
    "text": lambda: "<a>é👩‍👩‍👧",
    "map": lambda: map(str, [1, 2]),
    "zip": lambda: zip("ab", "cd", strict=True),
    "enumerate": lambda: enumerate("ab"),
    "number": lambda: 5,
    "true": lambda: True,
    "function": lambda: lambda: ["called"],
    "dict of lists": lambda: {"a": [1, 2]}.items(),
}


@pytest.mark.parametrize("name", ITERABLES)
def test_iterables(name):
    make = ITERABLES[name]
    for source in (
        "{% for a in value %}{{ a }}{{ forloop.revcounter }}{% empty %}none{% endfor %}",
        "{% for a in value reversed %}{{ a }}{% endfor %}{% for a in value %}{{ a }}{% endfor %}",
        "{% for a, b in value %}{{ a }}{{ b }}{% endfor %}",
        "{% if value %}{% for a in value %}{{ a }}{% endfor %}{% endif %}",
    ):
        assert_same(source, lambda: {"value": make()})


def test_every_kind_of_value_in_a_loop():
    assert_template("{% for a in value %}{{ a }}{% empty %}none{% endfor %}", VALUES)
    assert_template("{% for a, b in value %}{{ a }}{{ b }}{% empty %}none{% endfor %}", VALUES)
    assert_template("{% for a in value reversed %}{{ a }}{{ forloop.last }}{% endfor %}", VALUES)


@pytest.mark.parametrize(
    "value", [[1], [(1, 2, 3)], [()], ["abc"], [None], [(1, 2), 3], [{"a": 1, "b": 2}], ["ab", ""]]
)
def test_unpacking_a_wrong_number_of_values(value):
    assert_same("{% for a, b in value %}{{ a }}{{ b }}{% endfor %}", {"value": value})


def test_a_name_of_the_user_may_be_forloop():
    context = {"forloop": {"counter": "mine"}, "l": [1, 2]}
    source = "{{ forloop.counter }}{% for a in l %}{{ forloop.counter }}{{ forloop.parentloop }}"
    assert_same(source + "{% endfor %}{{ forloop.counter }}", context)


def test_forloop_is_seen_in_what_a_loop_includes():
    templates = {"row.html": "{{ forloop.counter }}{{ forloop.last }}{{ a }}"}
    for include in ('"row.html"', '"row.html" with a=5', '"row.html" only', "name"):
        source = "{% for a in l %}{% include NAME %};{% endfor %}".replace("NAME", include)
        assert_same(source, {"l": [1, 2], "name": "row.html"}, templates)


def test_a_list_that_changes_while_it_is_read():
    def make_context():
        values = [1, 2, 3]
        return {"l": values, "grow": lambda: values.append(9) if len(values) < 6 else None}

    assert_same("{% for a in l %}{{ a }}{{ grow }}{{ forloop.last }}{% endfor %}", make_context)


@pytest.mark.parametrize(
    "iterable",
    ["faulty", "person.loud", "person.silent", "person.delete", "broken", "guarded", "person"],
)
def test_iterables_that_fail(iterable):
    source = "{% for a in ITEMS %}{{ a }}{% empty %}none{% endfor %}".replace("ITEMS", iterable)
    assert_same(source, make_objects)


def test_an_iterator_that_fails_halfway():
    def fail():
        yield 1
        raise KeyError("halfway")

    assert_same_error("{% for a in value %}{{ a }}{% endfor %}", lambda: {"value": fail()})


def test_the_innermost_node_is_shown_for_an_error_in_a_loop():
    assert_same_error(
        "a\n{% for a in l %}\n{% if a %}\n{{ a|add:missing }}{% endif %}{% endfor %}",
        {"l": [1]},
    )


@pytest.mark.parametrize(
    "source",
    [
        "{% for %}{% endfor %}",
        "{% for a %}{% endfor %}",
        "{% for a in %}{% endfor %}",
        "{% for a l %}{% endfor %}",
        "{% for a on l %}{% endfor %}",
        "{% for a in l %}",
        "{% for a in l reverse %}{% endfor %}",
        "{% for a in l reversed x %}{% endfor %}",
        "{% for a,, b in l %}{% endfor %}",
        "{% for a, in l %}{% endfor %}",
        "{% for ,a in l %}{% endfor %}",
        "{% for a b in l %}{% endfor %}",
        "{% for a|b in l %}{% endfor %}",
        "{% for 'a' in l %}{% endfor %}",
        "{% for a in l|nope %}{% endfor %}",
        "{% for a in l %}{% empty %}{% empty %}{% endfor %}",
        "{% for a in l %}{% endif %}",
        "{% endfor %}",
        "{% empty %}",
        "{% for a in l %}{% else %}{% endfor %}",
    ],
)
def test_malformed(source):
    assert_same_error(source, {"l": [1]})


@pytest.mark.parametrize(
    "source",
    [
        "{% for x, y in pairs %}{{ x|add:missing }}{% endfor %}",
        "{% for a in pairs %}{% for x, y in pairs %}{{ x|add:missing }}{% endfor %}{% endfor %}",
        "{% for x, y in pairs %}{% for a in pairs %}{{ x|add:missing }}{% endfor %}{% endfor %}",
        "{% for x, y in pairs %}{% with z=1 %}{% for v, w in pairs %}{{ x|add:missing }}"
        "{% endfor %}{% endwith %}{% endfor %}",
        "{% with z=1 %}{% for x, y in pairs %}{% if missing|add:z.q.r %}{% endif %}{{ 1|add:z.q }}"
        "{% endfor %}{% endwith %}",
        "{% for x, y in odd %}{{ x }}{% endfor %}",
    ],
)
def test_the_scopes_that_an_error_leaves(source):
    assert_same_error(source, {"pairs": [(1, 2), (3, 4)], "odd": [(1, 2), 3, (4,)]})
