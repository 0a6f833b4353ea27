"""When a plan is made anew: for another source, model or option, and not for a language."""

import pytest
from django.template import engines
from django.template.autoreload import reset_loaders
from django.test import override_settings
from django.utils import timezone, translation

from djust_engine.jit import cache
from djust_engine.jit.cache import SerializerCache, get_cache
from djust_engine.jit.caching import stamps
from djust_engine.jit.caching.store import Gathered
from tests.caching.conftest import SOURCE, books
from tests.settings import OURS

LABELS = (
    "{% for one in books %}{{ one.get_status_display }} {{ one.price }} {{ one.published }}"
    "{% endfor %}"
)


def test_a_source_that_reads_something_else_has_a_plan_of_its_own(rendered):
    used = SerializerCache(store=Gathered(), timeout=60)
    assert rendered(used)[-1] == "miss"
    assert rendered(used, SOURCE.replace("{{ one.title }}", "{{ one.title|upper }}")) == ["hit"]
    assert rendered(used, SOURCE.replace("one.title", "one.price"))[-1] == "miss"


def test_what_an_included_template_reads_counts(rendered, tmp_path):
    row, page = tmp_path / "row.html", "{% for one in books %}{% include 'row.html' %}{% endfor %}"
    (tmp_path / "page.html").write_text(page)
    row.write_text("{{ one.title }}")
    ours = {"BACKEND": OURS["BACKEND"], "DIRS": [tmp_path]}
    used = SerializerCache(store=Gathered(), timeout=60)
    with override_settings(TEMPLATES=[ours]), cache.using(used):
        first = engines["django"].get_template("page.html").render(books())
        assert used.stats().misses == 1
        row.write_text("{{ one.author.last_name }};")
        assert engines["django"].get_template("page.html").render(books()) == first
        reset_loaders()
        changed = engines["django"].get_template("page.html").render(books())
        assert used.stats().misses == 2
    assert changed == "".join(f"{one.author.last_name};" for one in books()["books"]).replace(
        "<", "&lt;"
    ).replace(">", "&gt;")


def test_languages_and_time_zones_share_a_plan(library):
    from tests.jitapp.models import Book

    Book.objects.update(published=timezone.now(), price="1234.50")
    used, pages = SerializerCache(store=Gathered(), timeout=60), set()
    for language in ("en", "de", "fr"):
        for zone in ("UTC", "Asia/Tokyo"):
            with translation.override(language), timezone.override(zone), cache.using(used):
                page = engines["django"].from_string(LABELS).render(books())
                assert page == engines["oracle"].from_string(LABELS).render(books())
                pages.add(page)
    assert len(pages) == 6
    assert (used.stats().misses, used.stats().hits, len(used)) == (1, 5, 1)
    text = b"".join(used.store.texts.values()).decode()
    assert "Draft" not in text and "Entwurf" not in text


def test_an_option_of_the_engines_makes_other_keys():
    keys = []
    for options in ({}, {"string_if_invalid": "x"}, {"loaders": ["django.template.loaders.x"]}):
        with override_settings(TEMPLATES=[{**OURS, "OPTIONS": options}]):
            stamps.forget()
            keys.append(SerializerCache(store=Gathered()).get_cache_key("a", "b"))
    stamps.forget()
    assert keys[0] == keys[2] != keys[1]


def test_the_code_of_a_method_is_part_of_its_model(monkeypatch):
    from tests.jitapp.models import Author, Book

    before = stamps.model_stamp(Author), stamps.model_stamp(Book)
    stamps.forget()
    monkeypatch.setattr(Author, "described", lambda self: self.last_name)
    after = stamps.model_stamp(Author), stamps.model_stamp(Book)
    stamps.forget()
    assert before[0] != after[0] and before[1] == after[1]


def test_a_changed_setting_has_a_cache_of_its_own():
    first = get_cache()
    assert get_cache() is first
    with override_settings(DJUST_CONFIG={"JIT_CACHE_MAX_ENTRIES": 5}):
        assert get_cache() is not first
    assert get_cache() is not first


@pytest.mark.parametrize("everything", [True, False])
def test_what_is_invalidated_is_made_again(rendered, everything):
    store = Gathered()
    used = SerializerCache(store=store, timeout=60)
    rendered(used)
    (key,) = store.texts
    used.invalidate(*([] if everything else [key]))
    assert store.texts == {}
    assert rendered(used)[-1] == "miss"
    used.forget()
    assert rendered(used)[-1] == "hit"
