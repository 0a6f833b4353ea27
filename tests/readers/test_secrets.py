"""What a row or a parameter holds stays out of all that outlives or describes a render.

Values are read by templates, by code and by QuerySets; the store, the log, the panel, metrics,
spans, reports and notes on exceptions tell of columns and shapes alone. What a template prints may
be shown where two texts differ.
"""

import json
import logging

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Value
from django.http import HttpResponse
from django.template import Context
from django.test import RequestFactory, override_settings
from prometheus_client import generate_latest

from djust_engine import UnplannedQuery, serialize
from djust_engine.decisions import collect
from djust_engine.jit.cache import get_cache
from djust_engine.middleware import QueryCountMiddleware
from djust_engine.verify import VerificationError
from tests.jitapp.models import Author, Book
from tests.product.wrong import wrong_template
from tests.readers.test_guards import page
from tests.readers.test_metrics import registry, spans
from tests.settings import OURS

__all__ = ["registry", "spans"]

HASH = "pbkdf2$1$qk7Zr"
TOKEN = "tok-9f8a7b6c"
TEMPLATES = {
    "page": "{% load peer_tags %}{% include 'rows.html' %}{% include 'code.html' %}",
    "rows": "{% for b in books %}{{ b.title }}{{ b.author.last_name }}{% endfor %}"
    "{% for b in books.all %}{% for c in b.comment_set.all %}{{ c.text }}{% endfor %}{% endfor %}"
    "{% for u in users %}{{ u.username }}{% endfor %}{{ user }}{{ user.password|yesno }}",
    "code": "{% load peer_tags %}{% for b in listed %}{{ b.by }}{% origin_of b %}{% endfor %}"
    "{% for a in found %}{{ a }}{{ a.described }}{{ a.mark|yesno }}{{ a.secret|length }}"
    "{% endfor %}"
    "{% for b in listed %}{{ lazy.one.last_name }}{% endfor %}"
    "{% chosen all author__secret=hash as some %}{% for b in some %}{{ b }}{% endfor %}",
}  # fmt: skip


class Lazy:
    """Runs a query of its own at every attribute."""

    def __getitem__(self, name):
        return Author.objects.filter(secret=HASH).exclude(first_name=TOKEN).first()


def context():
    found = Author.objects.filter(secret=HASH).exclude(last_name=TOKEN)
    return {
        "books": Book.objects.filter(author__secret__in=[HASH, TOKEN]),
        "listed": list(Book.objects.all()),
        "found": found.annotate(mark=Value(TOKEN)).extra(where=[f"secret <> '{TOKEN}'"]),
        "all": Book.objects,
        "hash": HASH,
        "lazy": Lazy(),
        "users": User.objects.exclude(password=TOKEN),
        "user": User.objects.first(),
    }


@pytest.fixture
def people(library: None) -> None:
    Author.objects.update(secret=HASH)
    User.objects.bulk_create(User(username=f"u{at}", password=HASH) for at in range(3))


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.DEBUG)
    return caplog


def told(log) -> str:
    """All that the engine has logged, with the arguments and exceptions of the records."""
    shown = [
        (one.getMessage(), one.args, one.exc_text, repr(one.exc_info))
        for one in log.records
        if one.name.startswith("djust")
    ]
    return repr(shown)


def assert_tells_nothing(*texts: str) -> None:
    for text in texts:
        assert text
        for secret in (HASH, TOKEN):
            assert secret not in text


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("debug", [True, False])
def test_the_store_the_log_metrics_and_spans(tmp_path, log, registry, spans, settings, debug):
    settings.DJUST_CONFIG = {
        "JIT_DEBUG": debug, "JIT_CACHE_BACKEND": "filesystem", "JIT_CACHE_DIR": str(tmp_path),
        "QUERIES": "warn",
    }  # fmt: skip
    get_cache().invalidate()
    template = page(**TEMPLATES)

    def view(request):
        return HttpResponse(template.render(Context(context())))

    with collect() as made:
        for _ in range(4):
            QueryCountMiddleware(view)(RequestFactory().get("/"))
        serialize(context()["found"], ["first_name", "country.name", "books.title"])
    stored = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert stored and log.records
    spanned = "".join(one.to_json() for one in spans.get_finished_spans())
    measured = generate_latest(registry).decode()
    assert_tells_nothing(repr(stored), told(log), repr(made), spanned, measured)


@pytest.mark.usefixtures("people")
def test_the_panel():
    pytest.importorskip("debug_toolbar", reason="the panel is one of django-debug-toolbar")
    from djust_engine.panel.recorder import Recorder
    from djust_engine.panel.report import make_report, with_sources
    from djust_engine.profile import entries

    recorder = Recorder()
    for _ in range(2):
        recorder.begin()
        page(**TEMPLATES).render(Context(context()))
        recorder.finish()
    stats = make_report(recorder.events, entries(recorder.profile))
    assert stats["unplanned"] and stats["sites"]
    assert_tells_nothing(json.dumps(stats), repr(recorder.events), repr(with_sources(stats)))


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("mode", ["log", "raise"])
def test_a_report_of_a_difference_shows_what_is_printed_and_no_more(log, settings, mode):
    settings.DJUST_CONFIG = {"JIT_DEBUG": True}
    source = "{% for a in found %}{{ a.last_name }}{{ a.secret|yesno }}{% endfor %}{{ user }}"
    wrong = wrong_template(source, source + "!", mode)
    shown = ""
    with collect() as made:
        try:
            wrong.render(context())
        except VerificationError as error:
            shown = repr((str(error), vars(error)))
    assert bool(shown) == (mode == "raise")
    different = [one for one in made if one.mode == "different"]
    assert different
    assert_tells_nothing(told(log), repr(made), shown or "nothing was raised")


ERRORS = {
    "refused": "{% for b in listed %}{{ lazy.one.last_name }}{% endfor %}",
    "database": "{% for b in wrong %}{{ b.title }}{{ b.author.last_name }}{% endfor %}",
    "within code": "{% for b in listed %}{{ b.by }}{% endfor %}{{ wrong.count }}{{ lazy.one }}",
}


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("name", ERRORS)
def test_an_exception_and_its_notes(log, settings, name):
    settings.DJUST_CONFIG = {"QUERIES": "forbid" if name == "refused" else "allow"}
    wrong = Book.objects.filter(author__secret=HASH)
    wrong = wrong.extra(where=["no_such_column = %s"], params=[TOKEN])
    kinds = (UnplannedQuery, DatabaseError)
    with collect() as made, pytest.raises(kinds) as raised, transaction.atomic():
        page(page=ERRORS[name]).render(Context({**context(), "wrong": wrong}))
    notes = getattr(raised.value, "__notes__", [])
    assert_tells_nothing(repr(notes), told(log), repr(made))
    if connection.vendor == "sqlite" or name == "refused":
        assert_tells_nothing(str(raised.value))


def test_what_is_explained(people, capsys):
    """Nothing is fetched; what a view filters by is no part of it."""
    templates = {"page.html": TEMPLATES["rows"]}
    loaders = [("django.template.loaders.locmem.Loader", templates)]
    options = {"loaders": loaders}
    with override_settings(TEMPLATES=[{"BACKEND": OURS["BACKEND"], "OPTIONS": options}]):
        call_command("djust_explain", "page.html", "--var", "books=jitapp.Book", "--format", "json")
    assert_tells_nothing(capsys.readouterr().out)
