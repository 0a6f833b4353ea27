import json

import pytest

from djust_engine.jit.plan import (
    VERSION,
    Absent,
    Call,
    InstancesPlan,
    Many,
    One,
    PlanError,
    Relation,
    RowsPlan,
    ShapePlan,
    Untouched,
    Value,
    from_json,
    to_json,
)

TAGS = RowsPlan("app.Tag", ("books", "name"), ShapePlan("app.Tag", 0, (Value("name", 1),)))
AUTHOR = ShapePlan("app.Author", 2, (Value("name", 3),), (Value("id", 2),))
BOOKS = RowsPlan(
    "app.Book",
    ("id", "status", "author_id", "author__name"),
    ShapePlan(
        "app.Book",
        0,
        (
            Call("get_status_display", 1, "display", "status"),
            One(
                "author",
                2,
                False,
                ShapePlan("app.Author", 2, (Value("name", 3),), (Value("id", 2),)),
            ),
            Many("tags", 0, "books", 0, TAGS),
            Absent("missing"),
        ),
    ),
)
PLANS = [
    BOOKS,
    InstancesPlan("app.Book", ("author",), (Relation("tags", "many", (), ()),), ("why",)),
    InstancesPlan("app.Book", (), (Relation("a", "forward", ("b",), ()),)),
    Untouched("app.Book", ("why", "and why")),
    Untouched("app.Book"),
]


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_comes_back_as_it_went(plan):
    assert from_json(to_json(plan)) == plan
    assert from_json(to_json(plan).encode()) == plan


def _changed(plan, change):
    document = json.loads(to_json(plan))
    change(document)
    return json.dumps(document)


BROKEN = [
    "",
    "null",
    "[]",
    "{}",
    "\x80",
    '{"version": 1}',
    '{"version": 1, "plan": 5}',
    '{"version": 1, "plan": {"type": "Value", "name": "a", "index": 1}}',
    '{"version": 1, "plan": {"type": "__import__", "name": "os"}}',
    to_json(BOOKS)[:-5],
    "[" * 100_000,
    _changed(BOOKS, lambda document: document.update(version=VERSION + 1)),
    _changed(BOOKS, lambda document: document["plan"].update(model=5)),
    _changed(BOOKS, lambda document: document["plan"].update(extra=5)),
    _changed(BOOKS, lambda document: document["plan"].pop("model")),
    _changed(BOOKS, lambda document: document["plan"]["shape"].update(key=True)),
]


@pytest.mark.parametrize("text", BROKEN)
def test_any_other_text_is_an_error(text):
    with pytest.raises(PlanError):
        from_json(text)


def test_a_plan_cannot_be_changed():
    with pytest.raises(AttributeError):
        BOOKS.model = "other"
