"""Whatever a store holds, pages are Django's, and what does not fit is a miss that is counted."""

import json
from copy import deepcopy

import pytest
from django.template import engines
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from djust_engine.jit import cache
from djust_engine.jit.cache import SerializerCache
from djust_engine.jit.caching import entries, stamps
from djust_engine.jit.caching.store import Gathered
from djust_engine.jit.codegen import compile_serializer, generate_serializer_code
from djust_engine.jit.plan import PlanError, Untouched, plan_of
from tests.caching.conftest import SOURCE, books

#: One source a mode, and one with an object of each kind in its plan.
SOURCES = {
    "rows": SOURCE,
    "instances": "{% for one in books %}{{ one }}{{ one.author.get_full_name }}{{ one.tags.all }}"
    "{% for c in one.comments.all %}{{ c.author }}{% endfor %}{{ one.pages }}{% endfor %}",
    "code": "{% for one in books %}{{ one.shout }}{{ one.author.origin }}{% endfor %}",
}

HOSTILE_NAMES = (
    *("__class__", "__init__", "__globals__", "_meta", "_state", "pk", "id", "password", "secret"),
    *("delete", "save", "objects", "title__", "author__secret", "author__books__title", "tags"),
    *("title); import os; os.system('true') #", "lambda: 1", "{0.__class__}", "%(title)s", ""),
    *("{{ title }}", "title\n    pass", "\x00", "\ud800", "a" * 5000, "__import__('os')"),
    *("author", "author_id", "editor_id", "books", "comments", "get_status_display", "status"),
)
HOSTILE = st.one_of(
    st.sampled_from(HOSTILE_NAMES),
    st.sampled_from([-1, 0, 1, 2, 3, 99, 2**31, 10**400, -(2**63), 1.5, True, None, [], {}, "0"]),
    st.text(max_size=8),
    st.recursive(st.integers() | st.text(max_size=4), lambda inner: st.lists(inner, max_size=3)),
)
BOUNDED = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Poisoned:
    """Pages whose plans are changed on their way; each page must be Django's all the same."""

    def __init__(self):
        self.pages = {
            name: engines["oracle"].from_string(source).render(books())
            for name, source in SOURCES.items()
        }
        self.texts = {name: self.plans_of(name) for name in SOURCES}

    def plans_of(self, name):
        gathered = Gathered()
        self.render(name, gathered)
        return gathered.texts

    def render(self, name, store, **options):
        used = SerializerCache(store=store, timeout=60, **options)
        with cache.using(used):
            page = engines["django"].from_string(SOURCES[name]).render(books())
        assert page == self.pages[name]
        return used.stats()

    def render_all(self, change, **options):
        """``change(key, text)`` is what the store holds in place of the text."""
        for name, texts in self.texts.items():
            store = Gathered()
            store.texts = {key: change(key, text) for key, text in texts.items()}
            stats = self.render(name, store, **options)
            assert stats.stored + stats.rejected == len(texts)


@pytest.fixture
def poisoned(library):
    return Poisoned()


def nodes(tree, path=()):
    """The paths of everything in a JSON document."""
    yield path
    if isinstance(tree, dict | list):
        for key in tree if isinstance(tree, dict) else range(len(tree)):
            yield from nodes(tree[key], (*path, key))


def replaced(tree, path, value):
    tree = deepcopy(tree)
    if not path:
        return value
    inner = tree
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return tree


def test_untouched_entries_are_taken(poisoned):
    for name, texts in poisoned.texts.items():
        store = Gathered()
        store.texts = dict(texts)
        stats = poisoned.render(name, store)
        assert (stats.stored, stats.rejected) == (len(texts), 0)


@given(text=st.binary(max_size=300))
@BOUNDED
def test_any_bytes(poisoned, text):
    poisoned.render_all(lambda key, _: text)


@given(data=st.data())
@BOUNDED
def test_bytes_changed_here_and_there(poisoned, data):
    def change(key, text):
        changed = bytearray(text)
        for _ in range(data.draw(st.integers(1, 3))):
            changed[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
        return bytes(changed)

    poisoned.render_all(change)


@given(data=st.data())
@settings(parent=BOUNDED, max_examples=120)
def test_anything_in_place_of_a_part(poisoned, data):
    def change(key, text):
        entry = json.loads(text)
        for _ in range(data.draw(st.integers(1, 3))):
            plan = entry["plan"]
            path = data.draw(st.sampled_from(list(nodes(plan))))
            value = data.draw(HOSTILE)
            if isinstance(plan, dict | list):
                entry["plan"] = replaced(plan, path, value)
        return json.dumps(entry).encode()

    poisoned.render_all(change)


@given(data=st.data())
@settings(parent=BOUNDED, max_examples=60)
def test_a_part_in_place_of_another_or_left_out(poisoned, data):
    def change(key, text):
        entry = json.loads(text)
        paths = list(nodes(entry["plan"]))
        target, source = (data.draw(st.sampled_from(paths)) for _ in range(2))
        value = entry["plan"]
        for step in source:
            value = value[step]
        entry["plan"] = replaced(entry["plan"], target, deepcopy(value))
        return json.dumps(entry).encode()

    poisoned.render_all(change)


def test_each_name_with_each_hostile_one(poisoned):
    """Of the rows alone, as their names become attributes and columns."""
    (key, text), *_ = poisoned.texts["rows"].items()
    entry = json.loads(text)
    for path in [one for one in nodes(entry["plan"]) if one and one[-1] in ("name", "model", 1)]:
        for name in HOSTILE_NAMES:
            store = Gathered()
            store.texts = {key: json.dumps(replaced(entry, ("plan", *path), name)).encode()}
            poisoned.render("rows", store)


def test_entries_under_other_keys(poisoned):
    everything = [text for texts in poisoned.texts.values() for text in texts.values()]
    for other in everything:
        poisoned.render_all(lambda key, _, other=other: other)


def test_plans_of_other_questions_under_their_keys(poisoned):
    """As by somebody who knows the format: only what would show must be refused."""
    plans = [json.loads(text) for texts in poisoned.texts.values() for text in texts.values()]
    for other in plans:
        poisoned.render_all(lambda key, _, other=other: json.dumps({**other, "key": key}).encode())


SURROUNDINGS = [
    {"format": 99},
    {"format": True},
    {"engine": "0.0.1"},
    {"django": "4.2"},
    {"python": "2.7"},
    {"options": "x"},
    {"key": "x"},
    {"models": {}},
    {"models": None},
    {"models": {"jitapp.Book": "x"}},
]


@pytest.mark.parametrize("other", SURROUNDINGS)
def test_what_was_made_elsewhere_is_a_miss(poisoned, other):
    for name, texts in poisoned.texts.items():
        store = Gathered()
        store.texts = {
            key: json.dumps({**json.loads(text), **other}).encode() for key, text in texts.items()
        }
        stats = poisoned.render(name, store)
        assert (stats.stored, stats.rejected) == (0, len(texts))


def test_a_model_that_changed_since(poisoned, monkeypatch):
    stamps.forget()
    facts = stamps.stock.facts
    monkeypatch.setattr(stamps.stock, "facts", lambda model: [*facts(model), "changed"])
    try:
        (key, text), *_ = poisoned.texts["rows"].items()
        with pytest.raises(entries.Rejected, match="has changed since"):
            entries.decode(text, key)
    finally:
        stamps.forget()


def test_signed_entries(poisoned):
    with override_settings(SECRET_KEY="old"):
        signed = Gathered()
        poisoned.render("rows", signed, signed=True)
        assert poisoned.render("rows", signed, signed=True).stored == 1
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"]):
        assert poisoned.render("rows", signed, signed=True).stored == 1
    with override_settings(SECRET_KEY="new"):
        stats = poisoned.render("rows", signed, signed=True)
        assert (stats.stored, stats.rejected) == (0, 1)
    unsigned = Gathered()
    unsigned.texts = dict(poisoned.texts["rows"])
    assert poisoned.render("rows", unsigned, signed=True).rejected == 1


def test_a_plan_with_a_signature_is_not_made_again(poisoned, monkeypatch):
    """The names in it are looked at all the same."""
    for name in SOURCES:
        store = Gathered()
        poisoned.render(name, store, signed=True)
        with monkeypatch.context() as patch:
            patch.setattr("djust_engine.jit.fetch.make_plan", None)
            patch.setattr("djust_engine.jit.caching.plans.make_plan", None)
            assert poisoned.render(name, store, signed=True).rejected == 0


def test_what_is_signed_has_names_of_the_models(poisoned):
    (key, text), *_ = poisoned.texts["rows"].items()
    entry = json.loads(text)
    for path in [one for one in nodes(entry["plan"]) if one and one[-1] in ("name", "model", 1)]:
        for name in HOSTILE_NAMES[:12]:
            changed = replaced(entry, ("plan", *path), name)
            if changed == entry:
                continue
            try:
                plan = plan_of(changed["plan"])
            except PlanError:
                continue
            store = Gathered()
            store.texts = {key: entries.encode(key, plan, True)}
            assert poisoned.render("rows", store, signed=True).rejected == 1


@pytest.mark.parametrize("signature", ["", "x", None, 5, ["x"], "é", "0" * 64])
def test_a_wrong_signature_is_a_miss(poisoned, signature):
    def change(key, text):
        return json.dumps({**json.loads(text), "signature": signature}).encode()

    for name, texts in poisoned.texts.items():
        store = Gathered()
        store.texts = {key: change(key, text) for key, text in texts.items()}
        assert poisoned.render(name, store, signed=True).rejected == len(texts)


def test_any_change_of_what_is_signed_is_a_miss():
    text = entries.encode("key", Untouched("jitapp.Tag", ("why",)), True)
    entry = json.loads(text)
    assert entries.decode(text, "key", True) == Untouched("jitapp.Tag", ("why",))
    for path in nodes(entry):
        if path:
            with pytest.raises(entries.Rejected):
                entries.decode(json.dumps(replaced(entry, path, "x")).encode(), "key", True)


RECIPES = [
    ["jitapp.Book", ["title"], "_one"],
    ["jitapp.Book", ["title"], "f(x): import os\n#"],
    ["jitapp.Book", ["__class__"], "f"],
    ["jitapp.Book", ["titel"], "f"],
    ["jitapp.Book", ["author.titel"], "f"],
    ["jitapp.Book", [".".join(["author"] * 500)], "f"],
    ["jitapp.Book", ["title"] * 5000, "f"],
    ["jitapp.Book", [["title"]], "f"],
    ["jitapp.Book", "title", 5],
    [None, [], "f"],
    ["jitapp.Book"],
    5,
]


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_serializer_is_generated_of_names_that_the_model_has(recipe):
    code = generate_serializer_code("jitapp.Book", ["title"], "f")
    entry = json.loads(entries.encode("key", compile_serializer(code, "f")))
    assert callable(entries.decode(json.dumps(entry).encode(), "key"))
    with pytest.raises(entries.Rejected):
        entries.decode(json.dumps({**entry, "serializer": recipe}).encode(), "key")
