"""Where entries lie: directories, servers and Django's caches, and the settings that name them."""

import os
import sys

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import override_settings

from djust_engine import checks, conf
from djust_engine.decisions import collect
from djust_engine.jit.cache import SerializerCache, get_cache
from djust_engine.jit.caching.aliases import DjangoStore
from djust_engine.jit.caching.files import FileStore
from djust_engine.jit.caching.servers import make_client, read_url
from djust_engine.jit.caching.store import StoreError
from djust_engine.jit.plan import Untouched

PLAN = Untouched("jitapp.Tag", ("why",))
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "plans"},
    "nothing": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}


def test_a_claim_is_for_one_and_not_for_ever(tmp_path):
    store = FileStore(tmp_path)
    assert store.add("key", 60)
    assert not store.add("key", 60)
    assert store.add("key", 0)
    store.set("key", b"text")
    assert [one.suffix for one in tmp_path.iterdir()] == [".json"]
    store.clear()
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_cannot_be_written_is_read(tmp_path, rendered, monkeypatch):
    rendered(SerializerCache("filesystem", str(tmp_path), timeout=60))
    monkeypatch.setattr(os, "replace", _refused)
    monkeypatch.setattr(os, "open", _refused)
    used = SerializerCache("filesystem", str(tmp_path), timeout=60)
    assert rendered(used)[-1] == "hit"
    used.set("other", PLAN)
    assert used.stats().errors == 1
    assert not list(tmp_path.glob("*.part"))


def _refused(*arguments, **options):
    raise PermissionError(30, "Read-only file system")


@override_settings(CACHES=CACHES)
def test_a_cache_of_django(rendered):
    store = DjangoStore("default")
    with collect() as made:
        assert rendered(SerializerCache("django:default", timeout=60))[-1] == "miss"
        assert rendered(SerializerCache("django:default", timeout=60))[-1] == "hit"
    assert not [one for one in made if one.mode == "error"]
    store.set("key", b"text")
    assert store.get("key") == b"text"
    assert store.add("claim", 60) and not store.add("claim", 60)
    store.clear()
    assert store.get("key") is None
    assert DjangoStore("default").get("key") is None


@override_settings(CACHES=CACHES)
def test_a_cache_that_keeps_nothing(rendered):
    used = SerializerCache("django:nothing", timeout=60)
    assert rendered(used)[-1] == "miss"
    assert rendered(used) == ["hit"]


@override_settings(CACHES=CACHES, DJUST_CONFIG={"JIT_CACHE_BACKEND": "django:default"})
def test_the_setting_names_an_alias():
    assert get_cache().store.alias == "default"
    assert conf.find_problems({"JIT_CACHE_BACKEND": "django:default"}) == []
    (problem,) = conf.find_problems({"JIT_CACHE_BACKEND": "django:defualt"})
    assert problem.msg.endswith("is 'django:defualt', but CACHES has no 'defualt'.")
    assert problem.hint == "Did you mean 'default'?"


@pytest.mark.parametrize(
    ("url", "read", "kind"),
    [
        ("redis://host:1/2", "redis://host:1/2", ""),
        ("valkey://host", "redis://host", ""),
        ("valkeys://host", "rediss://host", ""),
        ("unix:///run/redis.sock?db=1", "unix:///run/redis.sock?db=1", ""),
        ("rediss+cluster://host:1", "rediss://host:1", "cluster"),
        ("valkey+sentinel://a:1,b:2/name/3", "redis://a:1,b:2/name/3", "sentinel"),
    ],
)
def test_addresses_of_servers(url, read, kind):
    assert read_url(url) == (read, kind)
    key = "JIT_CACHE_URL"
    assert conf.find_problems({key: url}) == []
    assert conf.Config(JIT_CACHE_URL=url).redis_url == url
    make_client(url, 3, 0.1)


def test_sentinels_are_asked_for_the_master():
    client = make_client("rediss+sentinel://me:p%40ss@a:1,b/plans/3", 3, 0.25)
    pool = client.connection_pool
    assert pool.service_name == "plans"
    options = pool.connection_kwargs
    assert (options["username"], options["password"], options["db"]) == ("me", "p@ss", 3)
    asked = [one.connection_pool.connection_kwargs for one in pool.sentinel_manager.sentinels]
    assert [(one["host"], one["port"]) for one in asked] == [("a", 1), ("b", 26379)]
    assert {one["socket_timeout"] for one in asked} == {0.25}


def test_no_server_is_waited_for_long():
    client = make_client("redis://localhost:1/0", 7, 0.25)
    options = client.connection_pool.connection_kwargs
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (0.25, 0.25)
    assert client.connection_pool.max_connections == 7


WRONG = [
    ({"JIT_CACHE_URL": "redis://[::1"}, "['JIT_CACHE_URL'] is no URL"),
    ({"JIT_CACHE_URL": "redis://host:port/0"}, "['JIT_CACHE_URL'] has a port 'port'."),
    ({"JIT_CACHE_URL": "file://plans.json"}, "['JIT_CACHE_URL'] is 'file://plans.json', which"),
    ({"JIT_CACHE_URL": "https:///plans.json"}, "which names no host."),
    (
        {"JIT_CACHE_BACKEND": "redis", "JIT_REDIS_URL": "http://cache"},
        "['JIT_REDIS_URL'] begins with 'http', which is no scheme of Redis.",
    ),
    (
        {"JIT_CACHE_BACKEND": "redis", "JIT_REDIS_URL": "redis+sentinel://a:1,b:x/name"},
        "['JIT_REDIS_URL'] has a port 'x'.",
    ),
    ({"JIT_CACHE_MAX_BYTES": 10}, "['JIT_CACHE_MAX_BYTES'] must be at least 1024."),
    ({"JIT_CACHE_MAX_ENTRIES": 0}, "['JIT_CACHE_MAX_ENTRIES'] must be at least 1."),
    ({"JIT_CACHE_TIMEOUT": 0}, "['JIT_CACHE_TIMEOUT'] must be at least 0.001."),
    ({"JIT_CACHE_TIMEOUT": "1"}, "['JIT_CACHE_TIMEOUT'] must be a number, not '1' (str)."),
    ({"JIT_CACHE_SIGNED": 1}, "['JIT_CACHE_SIGNED'] must be True or False, not 1 (int)."),
]


@pytest.mark.parametrize(("config", "told"), WRONG)
def test_a_wrong_setting_is_named(config, told):
    (problem,) = conf.find_problems(config)
    assert told in problem.msg


def test_a_password_is_in_no_message():
    (problem,) = conf.find_problems({"JIT_CACHE_URL": "reddis://user:secret@host"})
    assert "secret" not in problem.msg


def test_the_package_of_a_server_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "redis", None)
    monkeypatch.setattr(conf, "find_spec", lambda name: None)
    (problem,) = conf.find_problems({"JIT_CACHE_URL": "valkey://host"})
    assert problem.hint == "Install djust-engine[redis]."


def test_a_store_that_does_not_answer_is_told_before_a_deploy(tmp_path):
    (tmp_path / "file").write_text("")
    config = {"JIT_CACHE_BACKEND": "filesystem", "JIT_CACHE_DIR": str(tmp_path / "file")}
    with override_settings(DJUST_CONFIG=config):
        found = [one for one in run_checks(None, ["templates"], True) if "W005" in one.id]
        assert [one.msg.partition(": the")[0] for one in found] == ["DJUST_CONFIG['JIT_CACHE_DIR']"]
        assert [one for one in run_checks(tags=["templates"]) if "W005" in one.id] == []
    with override_settings(DJUST_CONFIG={**config, "JIT_CACHE_DIR": str(tmp_path)}):
        assert checks.check_store() == []
    assert checks.check_store() == []


def test_the_store_is_cleared_by_a_command(tmp_path, capsys):
    config = {"JIT_CACHE_BACKEND": "filesystem", "JIT_CACHE_DIR": str(tmp_path)}
    with override_settings(DJUST_CONFIG=config):
        get_cache().set("key", PLAN)
        assert len(list(tmp_path.iterdir())) == 1
        call_command("clear_jit_cache")
        assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().out == "The plans in FileStore are gone.\n"
    with pytest.raises(CommandError, match="JIT_CACHE_BACKEND.*nothing is stored"):
        call_command("clear_jit_cache")
    with (
        override_settings(DJUST_CONFIG={"JIT_CACHE_URL": "redis://localhost:1/0"}),
        pytest.raises(CommandError, match=r"DJUST_CONFIG\['JIT_CACHE_URL'\]: ConnectionError"),
    ):
        call_command("clear_jit_cache")


def test_what_a_directory_does_not_take_is_an_error_of_the_store(tmp_path):
    (tmp_path / "file").write_text("")
    store = FileStore(tmp_path / "file")
    for call in (lambda: store.set("a", b""), lambda: store.add("a", 1), lambda: store.get("a")):
        with pytest.raises(StoreError):
            call()
