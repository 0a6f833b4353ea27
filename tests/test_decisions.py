"""One stream: whoever subscribed hears every decision, nobody else pays for it."""

import json
from threading import Thread

import pytest

from djust_engine import decisions
from djust_engine.decisions import Decision, collect, emit, subscribe, unsubscribe

HIT = Decision("cache", "page.html", 3, "books", "app.Book", "hit")


@pytest.fixture
def heard():
    """What a subscriber hears while the test runs."""
    received = []
    subscribe(received.append)
    yield received
    unsubscribe(received.append)


def test_a_subscriber_hears_each_decision_once(heard):
    subscribe(heard.append)
    emit(HIT)
    assert heard == [HIT]


def test_nobody_hears_after_unsubscribing(heard):
    unsubscribe(heard.append)
    unsubscribe(heard.append)
    emit(HIT)
    assert heard == []


def test_nothing_is_wanted_unless_somebody_listens():
    before = decisions.wanted()
    with collect():
        assert decisions.wanted()
    assert decisions.wanted() == before


def test_a_collection_holds_what_was_decided_meanwhile():
    emit(HIT)
    with collect() as outer:
        emit(HIT)
        with collect() as inner:
            emit(HIT)
        emit(HIT)
    emit(HIT)
    assert (len(outer), len(inner)) == (3, 1)


def test_a_collection_is_of_its_own_thread(heard):
    with collect() as mine:
        thread = Thread(target=emit, args=(HIT,))
        thread.start()
        thread.join()
    assert mine == []
    assert heard == [HIT]


def test_a_decision_cannot_be_changed():
    with pytest.raises(AttributeError):
        HIT.mode = "miss"
    with pytest.raises(TypeError):
        HIT.detail["queries"] = 1


LINES = [
    (HIT, "Template: page.html:3 Variable: books Cache: HIT"),
    (
        Decision("plan", "page.html", 3, "books", "app.Book", "rows", "", {"paths": ["a.b", "c"]}),
        "Template: page.html:3 Variable: books Extracted paths: a.b, c Optimization: rows app.Book",
    ),
    (
        Decision("plan", "page.html", 3, "books", "app.Book", "instances", "distinct()"),
        "Template: page.html:3 Variable: books Optimization: instances app.Book (distinct())",
    ),
    (
        Decision("fetch", "p.html", 3, "b", "app.B", "rows", "", {"objects": 8, "queries": 1}),
        "Template: p.html:3 Variable: b Serialized 8 objects of app.B as rows in 1 query",
    ),
    (
        Decision("batch", "p.html", 3, "b", "app.B", "instances", "",
                 {"objects": 8, "queries": 1, "relation": "author"}),
        "Template: p.html:3 Variable: b Serialized 8 objects of app.B for author as instances"
        " in 1 query",
    ),
    (
        Decision("query", "p.html", 3, "{{ b }}", mode="warn",
                 detail={"times": 9, "sql": "SELECT ?"}),
        "Template: p.html:3 Variable: {{ b }} Query: warn 9 times SELECT ?",
    ),
    (
        Decision("request", "", mode="GET",
                 detail={"view": "books", "queries": 3, "render_seconds": 0.25}),
        "Request: GET books 3 queries 250.0 ms",
    ),
    (
        Decision("render", "p.html", mode="native", detail={"seconds": 0.002}),
        "Template: p.html render native 2.0 ms",
    ),
    (Decision("template", "", mode="django", reason="unknown-tag"), "Template: <string> template"
     " django unknown-tag"),
]  # fmt: skip


def test_a_line_has_its_data(caplog):
    plan = object()
    detail = {"paths": ["a.b"], "plan": plan, "seconds": 0.5, "relation": ""}
    with caplog.at_level("DEBUG", "djust.jit"):
        decisions.log(Decision("plan", "page.html", 3, "books", "app.Book", "rows", "", detail))
    (record,) = caplog.records
    assert record.djust == {
        "kind": "plan",
        "template": "page.html",
        "line": 3,
        "variable": "books",
        "model": "app.Book",
        "mode": "rows",
        "paths": ["a.b"],
        "seconds": 0.5,
    }
    assert json.loads(json.dumps(record.djust)) == record.djust


def test_nothing_is_written_for_a_logger_that_does_not_listen(caplog):
    with caplog.at_level("INFO", "djust.jit"):
        decisions.log(HIT)
    assert caplog.records == []


@pytest.mark.parametrize(("decision", "line"), LINES)
def test_a_decision_is_one_line_of_the_log(decision, line):
    assert decisions.line(decision) == line
