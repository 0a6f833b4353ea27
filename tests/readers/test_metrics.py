"""Metrics and spans, by the real clients: names, bounded labels, one message without a package."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.template import Context
from django.test import RequestFactory, override_settings
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest

from djust_engine import UnplannedQuery, metrics, tracing
from djust_engine.decisions import Decision, emit, wanted
from djust_engine.middleware import QueryCountMiddleware
from tests.jitapp.models import Book
from tests.readers.test_guards import Lazy, page

DOCS = Path(__file__).resolve().parents[2] / "docs"
LOOP = "{% for book in books %}{{ book.author.last_name }}{% endfor %}"


@pytest.fixture
def registry():
    metrics.uninstall()
    made = CollectorRegistry()
    metrics.install(made)
    yield made
    metrics.uninstall()


@pytest.fixture
def spans():
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.install(provider)
    yield exporter
    tracing.uninstall()
    provider.shutdown()


def rendered():
    return page(page=LOOP).render(Context({"books": Book.objects.order_by("pk")}))


@pytest.mark.usefixtures("library")
def test_a_page_is_counted(registry):
    template = page(page=LOOP)
    for _ in range(2):
        template.render(Context({"books": Book.objects.order_by("pk")}))
    value = registry.get_sample_value
    assert value("djust_jit_cache_hits_total", {"template": "page.html"}) >= 1
    native = {"template": "page.html", "mode": "native"}
    assert value("djust_jit_compilation_duration_seconds_count", native) == 1
    assert value("djust_view_render_duration_seconds_count", native) == 2
    assert value("djust_view_render_duration_seconds_sum", native) > 0
    rows = {"template": "page.html", "mode": "rows", "reason": ""}
    assert value("djust_jit_plans_total", rows) == 1


def test_a_plan_that_had_to_be_made_is_a_miss(registry):
    told = {"seconds": 0.25, "plan": None}
    emit(Decision("cache", "a.html", mode="miss", detail=told))
    emit(Decision("cache", "", mode="error", reason="the store is gone"))
    value = registry.get_sample_value
    assert value("djust_jit_cache_misses_total", {"template": "a.html"}) == 1
    assert value("djust_jit_store_troubles_total", {"mode": "error", "reason": ""}) == 1
    emit(Decision("cache", "", mode="rejected", reason="long", detail={"why": "unsigned"}))
    trouble = {"mode": "rejected", "reason": "unsigned"}
    assert value("djust_jit_store_troubles_total", trouble) == 1
    labels = {"template": "a.html", "mode": ""}
    assert value("djust_jit_compilation_duration_seconds_sum", labels) == 0.25


@pytest.mark.usefixtures("library")
def test_a_request_is_counted(registry):
    request = RequestFactory().get("/secret/")
    view = QueryCountMiddleware(lambda request: HttpResponse(rendered()))
    view(request)
    labels = {"view": "(no view)"}
    assert registry.get_sample_value("djust_database_query_count_sum", labels) == 1
    assert b"secret" not in generate_latest(registry)


@pytest.mark.usefixtures("library")
def test_unplanned_queries_are_counted(registry):
    template = page(page="{{ lazy.author }}")
    with override_settings(DJUST_CONFIG={"QUERIES": "forbid"}), pytest.raises(UnplannedQuery):
        template.render(Context({"lazy": Lazy()}))
    labels = {"template": "page.html", "mode": "forbid"}
    assert registry.get_sample_value("djust_unplanned_queries_total", labels) == 1


def test_labels_are_bounded(registry, monkeypatch):
    monkeypatch.setattr(metrics, "MOST_VALUES", 2)
    for number in range(5):
        emit(Decision("cache", f"{number}.html", mode="hit"))
    value = registry.get_sample_value
    assert value("djust_jit_cache_hits_total", {"template": "1.html"}) == 1
    assert value("djust_jit_cache_hits_total", {"template": metrics.OTHER}) == 3
    emit(Decision("cache", "1.html", mode="hit"))
    assert value("djust_jit_cache_hits_total", {"template": "1.html"}) == 2


@pytest.mark.parametrize("name", ["metrics.md", "monitoring/grafana.json", "monitoring/alerts.yml"])
def test_the_documents_name_what_there_is(registry, name):
    names = set(re.findall(r"\bdjust_(?!engine)\w+", (DOCS / name).read_text()))
    known = {one for collector in registry._collector_to_names.values() for one in collector}
    assert names and names <= known
    if name == "metrics.md":
        bare = {re.sub(r"_(total|created|bucket|sum|count)$", "", one) for one in known - names}
        assert bare <= {one.removesuffix("_total") for one in names}


@pytest.mark.parametrize("name", ["monitoring/grafana.json", "monitoring/alerts.yml"])
def test_the_documents_ask_for_labels_that_there_are(registry, name):
    known = {"le", "template", "view", "mode", "reason"}
    text = (DOCS / name).read_text()
    lists = re.findall(r"\bby \(([^)]*)\)", text) + re.findall(r"\$labels\.(\w+)", text)
    asked = {label.strip() for one in lists for label in one.split(",")}
    assert "template" in asked and asked <= known


COUNTING = """
import django; django.setup()
from djust_engine import metrics
from djust_engine.decisions import Decision, emit
metrics.install()
emit(Decision("cache", "a.html", mode="miss"))
"""
TOGETHER = """
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
registry = CollectorRegistry()
multiprocess.MultiProcessCollector(registry)
print(generate_latest(registry).decode())
"""


def test_several_processes_are_counted_together(tmp_path):
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    def run(code):
        command = [sys.executable, "-c", code]
        return subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True
        ).stdout

    run(COUNTING)
    run(COUNTING)
    assert 'djust_jit_cache_misses_total{template="a.html"} 2.0' in run(TOGETHER)


def test_it_is_installed_once_and_leaves_nothing():
    before = wanted()
    assert metrics.install() is metrics.install()
    assert "djust_jit_cache_hits" in REGISTRY._names_to_collectors
    metrics.uninstall()
    metrics.uninstall()
    assert "djust_jit_cache_hits" not in REGISTRY._names_to_collectors
    assert wanted() == before


@pytest.mark.parametrize(
    ("module", "package"), [(metrics, "prometheus_client"), (tracing, "opentelemetry.trace")]
)
def test_a_missing_package_is_one_message(monkeypatch, module, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImproperlyConfigured, match="install djust-engine"):
        module.install()


@pytest.mark.parametrize(("key", "module"), [("METRICS", metrics), ("TRACING", tracing)])
def test_the_app_starts_what_the_setting_asks_for(key, module):
    with override_settings(DJUST_CONFIG={key: True}):
        apps.get_app_config("djust_engine").ready()
    try:
        assert module._installed is not None
    finally:
        module.uninstall()


def test_the_app_starts_nothing_by_a_wrong_setting():
    with override_settings(DJUST_CONFIG={"METRICS": True, "WRONG": 1}):
        apps.get_app_config("djust_engine").ready()
    assert metrics._installed is None


@pytest.mark.usefixtures("library")
def test_each_stage_is_a_span(spans):
    rendered()
    found = {span.name: span for span in spans.get_finished_spans()}
    assert found.keys() == {"djust.compile", "djust.plan", "djust.fetch", "djust.render"}
    fetch, render = found["djust.fetch"], found["djust.render"]
    assert fetch.attributes["djust.model"] == "jitapp.Book"
    assert (fetch.attributes["djust.objects"], fetch.attributes["djust.queries"]) == (8, 1)
    assert (fetch.attributes["djust.mode"], fetch.attributes["djust.line"]) == ("rows", 1)
    assert render.attributes["djust.template"] == "page.html"
    assert render.attributes["djust.depth"] == 0 and "djust.line" not in render.attributes
    assert render.start_time <= fetch.start_time <= fetch.end_time <= render.end_time


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("body", "relation"),
    [
        ("{{ book.author.last_name }}", "author"),
        ("{% for tag in book.tags.all %}{{ tag.name }}{% endfor %}", "tags"),
        ("{{ book|author_of }}", "author"),
        ("{{ book|tags_of }}", "tags"),
    ],
)
def test_a_relation_fetched_for_all_peers_is_a_span(spans, body, relation):
    loop = "{% for book in books %}" + body + "{% endfor %}"
    template = page(page="{% load peer_tags %}" + loop)
    template.render(Context({"books": list(Book.objects.order_by("pk"))}))
    (fetch,) = [one for one in spans.get_finished_spans() if one.name == "djust.fetch"]
    assert fetch.attributes["djust.mode"] == "instances"
    assert fetch.attributes["djust.relation"] == relation
    assert (fetch.attributes["djust.objects"], fetch.attributes["djust.queries"]) == (8, 1)
    assert fetch.start_time < fetch.end_time


@pytest.mark.usefixtures("library")
def test_spans_belong_to_the_one_around_them(spans):
    tracer = tracing._installed.tracer
    with tracer.start_as_current_span("request") as request:
        rendered()
    parents = {span.parent.span_id for span in spans.get_finished_spans() if span.parent}
    assert parents == {request.get_span_context().span_id}
