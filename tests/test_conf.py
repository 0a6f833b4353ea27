"""DJUST_CONFIG: each mistake is named, with the nearest right spelling."""

from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from djust_engine import conf, decisions
from djust_engine.backends.django import DjustTemplates

MISTAKES = [
    (
        [],
        "djust_engine.E001",
        "DJUST_CONFIG must be a dictionary, not [] (list).",
        "Write DJUST_CONFIG = {'VERIFY': 'log'}, for example.",
    ),
    (
        {"JIT_SERIALISATION": True},
        "djust_engine.E002",
        "DJUST_CONFIG has an unknown key 'JIT_SERIALISATION'.",
        "Did you mean 'JIT_SERIALIZATION'?",
    ),
    (
        {"jit_debug": True},
        "djust_engine.E002",
        "DJUST_CONFIG has an unknown key 'jit_debug'.",
        "Did you mean 'JIT_DEBUG'?",
    ),
    (
        {5: True},
        "djust_engine.E002",
        "DJUST_CONFIG has an unknown key 5.",
        "It takes 'JIT_SERIALIZATION', 'JIT_DEBUG', 'JIT_CACHE_BACKEND', 'JIT_CACHE_DIR',"
        " 'JIT_REDIS_URL', 'JIT_REDIS_POOL_SIZE', 'JIT_CACHE_URL', 'JIT_CACHE_MAX_ENTRIES',"
        " 'JIT_CACHE_MAX_BYTES', 'JIT_CACHE_TIMEOUT', 'JIT_CACHE_SIGNED', 'VERIFY', 'QUERIES',"
        " 'QUERY_COUNT_THRESHOLD', 'REPEATED_QUERIES_THRESHOLD',"
        " 'RENDER_TIME_THRESHOLD', 'STRICT_VARIABLES', 'METRICS', 'TRACING'.",
    ),
    (
        {"STRICT_VARIABLES": "rise"},
        "djust_engine.E004",
        "DJUST_CONFIG['STRICT_VARIABLES'] is 'rise', which is not one of its values.",
        "Did you mean 'raise'?",
    ),
    (
        {"JIT_DEBUG": "yes"},
        "djust_engine.E003",
        "DJUST_CONFIG['JIT_DEBUG'] must be True or False, not 'yes' (str).",
        "Without it, False holds.",
    ),
    (
        {"JIT_REDIS_POOL_SIZE": True},
        "djust_engine.E003",
        "DJUST_CONFIG['JIT_REDIS_POOL_SIZE'] must be a whole number, not True (bool).",
        "Without it, 10 holds.",
    ),
    (
        {"JIT_CACHE_DIR": None},
        "djust_engine.E003",
        "DJUST_CONFIG['JIT_CACHE_DIR'] must be a string, not None (NoneType).",
        "Without it, '__jit_cache__' holds.",
    ),
    (
        {"JIT_CACHE_BACKEND": "file-system"},
        "djust_engine.E004",
        "DJUST_CONFIG['JIT_CACHE_BACKEND'] is 'file-system', which is not one of its values.",
        "Did you mean 'filesystem'?",
    ),
    (
        {"JIT_CACHE_URL": "reddis://localhost"},
        "djust_engine.E004",
        "DJUST_CONFIG['JIT_CACHE_URL'] is 'reddis://localhost', which is not one of its values.",
        "Did you mean 'redis://'?",
    ),
    (
        {"QUERIES": "forbidden"},
        "djust_engine.E004",
        "DJUST_CONFIG['QUERIES'] is 'forbidden', which is not one of its values.",
        "Did you mean 'forbid'?",
    ),
    (
        {"QUERIES": 10},
        "djust_engine.E003",
        "DJUST_CONFIG['QUERIES'] must be 'allow', 'warn', 'forbid' or a budget such as"
        " {'budget': 10}, not 10 (int).",
        "Without it, 'allow' holds.",
    ),
    (
        {"QUERIES": {"bugdet": 10}},
        "djust_engine.E002",
        "DJUST_CONFIG['QUERIES'] has an unknown key 'bugdet'.",
        "Did you mean 'budget'?",
    ),
    (
        {"QUERIES": {"budget": True}},
        "djust_engine.E004",
        "DJUST_CONFIG['QUERIES']['budget'] must be a whole number, not True (bool).",
        "Write {'budget': 10}, for example.",
    ),
    (
        {"QUERIES": {"budget": 3, "over": "allow"}},
        "djust_engine.E004",
        "DJUST_CONFIG['QUERIES']['over'] is 'allow', which is not one of its values.",
        "It takes 'warn', 'forbid'.",
    ),
    (
        {"JIT_CACHE_BACKEND": "filesystem", "JIT_CACHE_DIR": ""},
        "djust_engine.E004",
        "DJUST_CONFIG['JIT_CACHE_DIR'] is empty: that would be the working directory.",
        "Without it, '__jit_cache__' holds.",
    ),
    (
        {"JIT_CACHE_BACKEND": "redis", "JIT_REDIS_URL": "reddis://localhost"},
        "djust_engine.E004",
        "DJUST_CONFIG['JIT_REDIS_URL'] begins with 'reddis', which is no scheme of Redis.",
        "Did you mean 'redis'?",
    ),
    (
        {"VERIFY": True},
        "djust_engine.E003",
        "DJUST_CONFIG['VERIFY'] must be a string or None, not True (bool).",
        "It takes 'log', 'raise', or None.",
    ),
    (
        {"RENDER_TIME_THRESHOLD": -1},
        "djust_engine.E004",
        "DJUST_CONFIG['RENDER_TIME_THRESHOLD'] must be at least 0.",
        "Without it, 0 holds.",
    ),
    (
        {"JIT_REDIS_POOL_SIZE": 0},
        "djust_engine.E004",
        "DJUST_CONFIG['JIT_REDIS_POOL_SIZE'] must be at least 1.",
        "Without it, 10 holds.",
    ),
]


def our_problems():
    return [one for one in run_checks(tags=["templates"]) if one.id.startswith("djust_engine.E")]


@pytest.mark.parametrize(("value", "number", "message", "hint"), MISTAKES)
def test_a_mistake_is_a_check_and_an_error_at_start(value, number, message, hint):
    with override_settings(DJUST_CONFIG=value):
        (problem,) = [
            one for one in run_checks(tags=["templates"]) if one.id.startswith("djust_engine.E")
        ]
        assert (problem.id, problem.msg, problem.hint) == (number, message, hint)
        with pytest.raises(ImproperlyConfigured) as raised:
            conf.start()
    assert str(raised.value) == f"{message} {hint or ''}"


MISTAKE = override_settings(DJUST_CONFIG={"JIT_DEBGU": True})


def make_backend():
    return DjustTemplates({"NAME": "django", "DIRS": [], "APP_DIRS": False, "OPTIONS": {}})


@pytest.mark.parametrize("method", ["get_template", "from_string"])
def test_the_backend_gives_no_template_with_a_mistake(method):
    with MISTAKE, pytest.raises(ImproperlyConfigured, match="Did you mean 'JIT_DEBUG'"):
        getattr(make_backend(), method)("template.html")


def test_the_backend_checks_where_no_app_does(monkeypatch):
    with MISTAKE:
        assert make_backend().check() == []
        monkeypatch.setattr("django.apps.apps.is_installed", lambda name: False)
        assert [one.id for one in make_backend().check()] == ["djust_engine.E002"]


def test_redis_without_its_package(monkeypatch):
    monkeypatch.setattr(conf, "find_spec", lambda name: None)
    (problem,) = conf.find_problems({"JIT_CACHE_BACKEND": "redis"})
    assert problem.id == "djust_engine.E005"
    assert problem.hint == "Install djust-engine[redis]."


@pytest.mark.parametrize(
    ("key", "package", "extra"),
    [
        ("METRICS", "prometheus_client", "prometheus"),
        ("TRACING", "opentelemetry", "opentelemetry"),
    ],
)
def test_a_package_that_is_missing_is_one_message(monkeypatch, key, package, extra):
    monkeypatch.setattr(conf, "find_spec", lambda name: None)
    (problem,) = conf.find_problems({key: True})
    said = f"DJUST_CONFIG['{key}'] needs the package {package}, which is not installed."
    assert (problem.id, problem.msg) == ("djust_engine.E005", said)
    assert problem.hint == f"Install djust-engine[{extra}]."


def test_every_mistake_is_named_at_once():
    wrong = {"VERIFY": "loud", "QUERIES": "no", "QUERY_COUNT_THRESHOLD": -1, "JIT_CACHE_URL": "x"}
    problems = conf.find_problems({"A": 1, "B": 2, "JIT_DEBUG": 3, **wrong})
    assert [one.id[-1] for one in problems] == [*"2234444"]
    assert all(any(key in one.msg for one in problems) for key in wrong)
    assert all(one.hint for one in problems)


def test_without_the_setting_the_defaults_hold():
    assert conf.get_config() == conf.Config()
    assert conf.DEFAULTS["JIT_SERIALIZATION"] is True
    assert our_problems() == []


def test_a_changed_setting_is_read_again():
    with override_settings(DJUST_CONFIG={"JIT_SERIALIZATION": False}):
        assert not conf.get_config().JIT_SERIALIZATION
    assert conf.get_config().JIT_SERIALIZATION


URLS = [
    ("", ("memory", "__jit_cache__", "redis://localhost:6379/0")),
    ("memory://", ("memory", "__jit_cache__", "redis://localhost:6379/0")),
    ("file:///var/cache/djust", ("filesystem", "/var/cache/djust", "redis://localhost:6379/0")),
    ("redis://cache:1/2", ("redis", "__jit_cache__", "redis://cache:1/2")),
    ("rediss://cache", ("redis", "__jit_cache__", "rediss://cache")),
]


@pytest.mark.parametrize(("url", "expected"), URLS)
def test_one_url_says_backend_and_place(url, expected):
    config = conf.Config(JIT_CACHE_URL=url)
    assert (config.backend, config.cache_dir, config.redis_url) == expected


def test_a_path_is_a_directory():
    assert conf.find_problems({"JIT_CACHE_DIR": Path("cache")}) == []


def test_debug_writes_lines(caplog):
    decision = decisions.Decision("cache", "page.html", 3, "books", "app.Book", "hit")
    with caplog.at_level("DEBUG", "djust.jit"):
        with override_settings(DJUST_CONFIG={"JIT_DEBUG": True}):
            conf.start()
            decisions.emit(decision)
        conf.start()
        decisions.emit(decision)
    assert caplog.messages == ["Template: page.html:3 Variable: books Cache: HIT"]
