"""The cache: what was set is found again, here or elsewhere; anything else is a miss."""

import json
from threading import Thread

import pytest
from django.test import override_settings

from djust_engine.decisions import collect
from djust_engine.jit.cache import SerializerCache, get_cache
from djust_engine.jit.caching import stamps
from djust_engine.jit.caching.files import FileStore
from djust_engine.jit.caching.servers import RedisStore
from djust_engine.jit.caching.stores import StoreError, open_store
from djust_engine.jit.codegen import compile_serializer, generate_serializer_code
from djust_engine.jit.fetch import query_shape
from djust_engine.jit.optimizer import Asked
from djust_engine.jit.plan import RowsPlan, ShapePlan, Untouched, Value
from tests.jit.conftest import loop_over
from tests.jitapp.models import Tag

PLAN = RowsPlan("jitapp.Tag", ("id", "name"), ShapePlan("jitapp.Tag", 0, (Value("name", 1),)))


class FakeRedis:
    """What of a Redis client the store calls."""

    def __init__(self):
        self.texts = {}

    def get(self, key):
        return self.texts.get(key)

    def set(self, key, text, ex=None, px=None, nx=False):
        if nx and key in self.texts:
            return None
        self.texts[key] = text
        return True

    def delete(self, key):
        self.texts.pop(key, None)

    def scan_iter(self, pattern, count):
        return iter([key for key in self.texts if key.startswith(pattern.rstrip("*"))])


@pytest.fixture(params=["filesystem", "redis"])
def store(request, tmp_path):
    """Each of the stores that outlive the process."""
    return FileStore(tmp_path) if request.param == "filesystem" else RedisStore("", 1, FakeRedis())


@pytest.fixture
def caches(store):
    """Two processes' caches over one store."""
    return SerializerCache(store=store), SerializerCache(store=store)


def test_a_store_keeps_bytes(store):
    assert store.get("key") is None
    store.set("key", b"text")
    store.set("../other", b"more")
    assert (store.get("key"), store.get("../other")) == (b"text", b"more")
    store.delete("key")
    store.delete("key")
    assert store.get("key") is None
    store.clear()
    assert store.get("../other") is None


def test_a_plan_is_shared(caches):
    one, other = caches
    one.set("key", PLAN)
    assert one.get("key") is PLAN
    assert other.get("key") == PLAN


def test_a_serializer_is_shared_as_what_it_was_made_of(caches, store):
    one, other = caches
    code = generate_serializer_code("Book", ["author.last_name", "title"], "to_dict")
    one.set("key", compile_serializer(code, "to_dict"))
    stored = json.loads(store.get("key"))
    assert stored["serializer"] == ["Book", ["author.last_name", "title"], "to_dict"]
    assert "def" not in store.get("key").decode()
    found = other.get("key")
    assert found.__name__ == "to_dict" and callable(found)


def test_any_other_function_stays_here(caches):
    one, other = caches
    one.set("key", len)
    assert one.get("key") is len
    assert other.get("key") is None


def test_what_is_invalidated_is_gone_everywhere(caches):
    one, other = caches
    for key in "ab":
        one.set(key, PLAN)
    one.invalidate("a")
    assert (one.get("a"), other.get("a"), other.get("b")) == (None, None, PLAN)
    other.invalidate()
    assert (other.get("b"), len(other)) == (None, 0)


BROKEN = [b"", b"\x80\x04K\x01.", b"null", b"{}", b'{"serializer": [1]}', b'{"serializer": 1}',
          b'{"version": 99, "serializer": ["Book", [], "f"]}',
          b'{"version": 1, "serializer": ["Book", ["__class__"], "f"]}',
          b'{"version": 1, "serializer": ["Book", ["a"], "f(x): import os\\n#"]}',
          b'{"version": 99, "plan": {"type": "Untouched", "model": ""}}']  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_a_text_that_cannot_be_read_is_a_miss(caches, store, text):
    store.set("key", text)
    with collect() as made:
        assert caches[0].get("key") is None
    assert [one.mode for one in made if one.kind == "cache"] == ["rejected"]
    assert caches[0].stats().rejected == 1


class BrokenStore:
    def _fail(self, *args):
        raise StoreError("unplugged")

    get = set = delete = clear = _fail


def test_a_store_that_fails_costs_a_miss_and_is_told():
    broken = SerializerCache(store=BrokenStore())
    with collect() as made:
        assert broken.get("key") is None
        broken.set("key", PLAN)
        broken.invalidate()
    assert [one.reason for one in made] == ["BrokenStore: unplugged"] * 3


def test_errors_of_the_places_are_errors_of_the_store(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(StoreError):
        FileStore(file).set("key", b"")
    with pytest.raises(StoreError):
        RedisStore("", 1, object()).get("key")


def test_the_oldest_go_first():
    small = SerializerCache(maxsize=2)
    for key in "abc":
        small.set(key, Untouched("jitapp.Tag"))
    assert small.get("a") is None
    assert len(small) == 2


def test_threads_may_share_a_cache():
    shared = SerializerCache(maxsize=50)

    def work(number):
        for at in range(300):
            shared.set(f"{at % 90}", PLAN)
            shared.get(f"{(at * number) % 90}")

    threads = [Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(shared) <= 50


def test_a_key_is_a_whole_digest_of_all_its_parts():
    memory = SerializerCache()
    keys = [
        memory.get_cache_key("ab", "c"),
        memory.get_cache_key("a", "bc"),
        memory.get_cache_key("a", "b", "c"),
    ]
    assert len(set(keys)) == 3
    assert all(len(key) == 64 for key in keys)
    assert memory.get_cache_key("ab", "c") == keys[0]


def test_a_shared_key_changes_with_the_model(caches, monkeypatch):
    asked = Asked(Tag, loop_over("name"), query_shape(Tag.objects.all()))
    before = caches[0].plan_key(asked, "sqlite")
    assert before == caches[1].plan_key(asked, "sqlite")
    stamps.forget()
    monkeypatch.setattr("djust_engine.jit.stock.facts", lambda model: [model._meta.label])
    assert caches[0].plan_key(asked, "sqlite") != before
    stamps.forget()


def test_the_settings_choose_the_store(tmp_path):
    with override_settings(
        DJUST_CONFIG={"JIT_CACHE_BACKEND": "filesystem", "JIT_CACHE_DIR": str(tmp_path)}
    ):
        assert get_cache().store.directory == tmp_path
    assert get_cache().store is None
    with pytest.raises(ValueError, match="Unknown backend 'other'"):
        open_store("other", "", "")
