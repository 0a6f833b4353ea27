"""A bounded number of seeded cases; `python -m tests.fuzz --cases N --seed S` runs more."""

import pytest

from tests.fuzz import run
from tests.fuzz.case import Case, Difference, compare, difference
from tests.fuzz.control import is_void
from tests.fuzz.data import make_case
from tests.fuzz.shrink import shrink
from tests.oracle import Outcome

BLOCKS = [
    ("data", 0),
    ("rows", 0),
    *(("language", seed) for seed in (0, 200, 400)),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("generator", "seed"), BLOCKS)
def test_both_engines_do_the_same(generator, seed):
    failures = run.failures(generator, seed, 50)
    found = [failure.shrunk() for failure in failures if not failure.void]
    assert not found, "\n".join(found)


def test_a_seed_gives_the_same_case_again():
    assert str(make_case(7)) == str(make_case(7)) != str(make_case(8))


def test_outcomes_part_where_bytes_errors_or_queries_do():
    def kind(django, ours):
        found = compare([django], [ours])
        return found and found.kind

    text, error = Outcome(text="a", queries=1), Outcome(error=(KeyError, "a"))
    assert kind(text, Outcome(text="a", queries=0)) is None
    assert kind(text, Outcome(text="a", queries=2)) == "queries"
    assert kind(text, Outcome(text="b", queries=1)) == "text"
    assert kind(text, error) == "fails"
    assert kind(error, Outcome(error=(KeyError, "b"))) == "error"


def test_a_failing_case_is_made_small(monkeypatch):
    def fails(case):
        wrong = "wrong" in str(case.source)
        return Difference("text", "", "") if wrong else None

    monkeypatch.setattr("tests.fuzz.shrink.difference", fails)
    source = ["a", ["{% if b %}", "wrong", ["{% if c %}", "d", "{% endif %}"], "{% endif %}"], "e"]
    small = shrink(Case(source, {"b": "1"}, {"x.html": ["x"]}), "text")
    assert (small.source, small.context, small.templates) == (["wrong"], {}, {})
    assert difference(Case(["{{ b }}"], {"b": "1"})) is None


@pytest.mark.parametrize(
    ("source", "context"),
    [
        ("{% for letter in a|slugify %}{{ letter }},{% endfor %}", {"a": "iter([3])"}),
        ("{% if a is not forloop %}{% include 'i.html' %}{% endif %}", {"a": "''"}),
        (
            "{% if b not in y or not d %}{% include 'i.html' %}"
            "{% blocktranslate count n=d %}{% plural %}{% endblocktranslate %}{% endif %}",
            {"a": "1"},
        ),
    ],
)
def test_a_case_is_void_where_django_differs_from_itself(source, context):
    assert is_void(Case([source], context, {"i.html": [source]}))


@pytest.mark.parametrize("source", ["{{ a }}", "{% include 'i.html' %}", "{% if %}", "{{ b.0 }}"])
def test_a_case_is_not_void_where_django_agrees_with_itself(source):
    assert not is_void(Case([source], {"a": "iter([3])", "b": "'x'"}, {"i.html": [source]}))
