"""``DJUST_CONFIG``: defaults, validation that names the nearest right key, and the cached reader.

The backend calls ``start()`` before it gives a template, which raises ImproperlyConfigured;
``check_config`` says the same as Django system checks.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from . import decisions

SETTING = "DJUST_CONFIG"
BACKENDS = ("memory", "filesystem", "redis")
VERIFY_MODES = ("log", "raise")
THRESHOLDS = ("QUERY_COUNT_THRESHOLD", "REPEATED_QUERIES_THRESHOLD", "RENDER_TIME_THRESHOLD")
STRICT_MODES = ("warn", "raise")
QUERY_MODES = ("allow", "warn", "forbid")
_SCHEMES = {"memory": "memory", "file": "filesystem"} | dict.fromkeys(
    ("redis", "rediss", "unix"), "redis"
)


class Config(NamedTuple):
    """The settings under their own names, with their defaults.

    ``JIT_CACHE_URL`` says backend and place in one: ``memory://``, ``file:///var/cache/djust`` or
    ``redis://localhost:6379/0``; it goes before the other three.

    ``VERIFY``: "log" or "raise" renders with Django's engine as well, and tells what differs.

    ``QUERIES``: what becomes of queries that a template starts without a plan: "allow", "warn",
    "forbid", or ``{"budget": 10}``, beyond which they are refused (``"over": "warn"``: reported).

    ``METRICS`` and ``TRACING``: tell prometheus_client and OpenTelemetry, if the app is installed.

    The thresholds are those of ``QueryCountMiddleware``, the last one in milliseconds; 0 is none.

    ``STRICT_VARIABLES``: "warn" or "raise" tells of each variable that nobody defined.
    """

    JIT_SERIALIZATION: bool = True
    JIT_DEBUG: bool = False
    JIT_CACHE_BACKEND: str = "memory"
    JIT_CACHE_DIR: str = "__jit_cache__"
    JIT_REDIS_URL: str = "redis://localhost:6379/0"
    JIT_REDIS_POOL_SIZE: int = 10
    JIT_CACHE_URL: str = ""
    VERIFY: str | None = None
    QUERIES: str | dict[str, Any] = "allow"
    QUERY_COUNT_THRESHOLD: int = 50
    REPEATED_QUERIES_THRESHOLD: int = 5
    RENDER_TIME_THRESHOLD: int = 0
    STRICT_VARIABLES: str | None = None
    METRICS: bool = False
    TRACING: bool = False

    @property
    def guards_queries(self) -> bool:
        """Whether ``QUERIES`` asks for anything; not in verify mode, where Django renders."""
        return not self.VERIFY and self.QUERIES != "allow"

    @property
    def backend(self) -> str:
        scheme = urlsplit(self.JIT_CACHE_URL).scheme
        return _SCHEMES[scheme] if scheme else self.JIT_CACHE_BACKEND

    @property
    def cache_dir(self) -> str:
        url = urlsplit(self.JIT_CACHE_URL)
        return url.path if url.scheme == "file" else self.JIT_CACHE_DIR

    @property
    def redis_url(self) -> str:
        scheme = urlsplit(self.JIT_CACHE_URL).scheme
        return self.JIT_CACHE_URL if _SCHEMES.get(scheme) == "redis" else self.JIT_REDIS_URL


KEYS: Mapping[str, Any] = Config.__annotations__
DEFAULTS: Mapping[str, Any] = Config._field_defaults


@cache
def get_config() -> Config:
    """What the project has set; ImproperlyConfigured when it is not valid."""
    given = getattr(settings, SETTING, {})
    problems = find_problems(given)
    if problems:
        raise ImproperlyConfigured(" ".join(f"{one.msg} {one.hint or ''}" for one in problems))
    config = Config(**given)
    (decisions.subscribe if config.JIT_DEBUG else decisions.unsubscribe)(decisions.log)
    return config


def start() -> Config:
    """Validate before the first template, whether or not the app is installed."""
    return get_config()


def reset_config(*, setting: str, **kwargs: Any) -> None:
    """Read the setting again: the receiver of Django's ``setting_changed``."""
    if setting == SETTING:
        get_config.cache_clear()
        for forget in _dependents:
            forget()


_dependents: list[Callable[[], None]] = []


def on_change(forget: Callable[[], None]) -> Callable[[], None]:
    """Call ``forget()`` whenever the setting has changed."""
    _dependents.append(forget)
    return forget


setting_changed.connect(reset_config, dispatch_uid="djust_engine.conf")


def check_config(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The system checks ``djust_engine.E001`` to ``E005``."""
    return list(find_problems(getattr(settings, SETTING, {})))


def find_problems(given: Any) -> list[Error]:
    """What is wrong with a value of ``DJUST_CONFIG``."""
    if not isinstance(given, dict):
        return [_error("E001", f"{SETTING} must be a dictionary, not {_named(given)}.")]
    problems = [_unknown_key(key) for key in given if key not in KEYS]
    known = {key: value for key, value in given.items() if key in KEYS}
    wrong = [_wrong_type(key, value) for key, value in known.items() if not _fits(key, value)]
    return problems + (wrong or [*_wrong_values(Config(**known))])


def _error(number: str, message: str, hint: str = "") -> Error:
    return Error(message, hint=hint or None, id=f"djust_engine.{number}")


def _named(value: Any) -> str:
    return f"{value!r} ({type(value).__name__})"


def _unknown_key(key: Any) -> Error:
    message = f"{SETTING} has an unknown key {key!r}."
    return _error("E002", message, _nearest(str(key).upper(), list(KEYS)))


def _nearest(word: str, right: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, right, n=1, cutoff=0.5)
    return f"Did you mean {near[0]!r}?" if near else f"It takes {', '.join(map(repr, right))}."


def _fits(key: str, value: Any) -> bool:
    if KEYS[key] == str | None:
        return value is None or type(value) is str
    if key == "QUERIES":
        return type(value) in (str, dict)
    return type(value) is KEYS[key] or (
        key == "JIT_CACHE_DIR" and hasattr(value, "__fspath__")  # a pathlib.Path is as good
    )


_WANTED = {
    bool: "True or False",
    int: "a whole number",
    str: "a string",
    str | None: "a string or None",
    str | dict[str, Any]: "'allow', 'warn', 'forbid' or a budget such as {'budget': 10}",
}


def _wrong_type(key: str, value: Any) -> Error:
    wanted = _WANTED[KEYS[key]]
    return _error("E003", f"{SETTING}[{key!r}] must be {wanted}, not {_named(value)}.")


def _wrong_values(config: Config) -> list[Error]:
    scheme = urlsplit(config.JIT_CACHE_URL).scheme
    if config.JIT_CACHE_BACKEND not in BACKENDS:
        return [_not_one_of("JIT_CACHE_BACKEND", config.JIT_CACHE_BACKEND, list(BACKENDS))]
    if config.JIT_CACHE_URL and scheme not in _SCHEMES:
        return [_not_one_of("JIT_CACHE_URL", config.JIT_CACHE_URL, [f"{s}://" for s in _SCHEMES])]
    if config.JIT_REDIS_POOL_SIZE < 1:
        return [_error("E004", f"{SETTING}['JIT_REDIS_POOL_SIZE'] must be at least 1.")]
    if config.VERIFY and config.VERIFY not in VERIFY_MODES:
        return [_not_one_of("VERIFY", config.VERIFY, list(VERIFY_MODES))]
    below = [key for key in THRESHOLDS if getattr(config, key) < 0]
    if below:
        return [_error("E004", f"{SETTING}[{below[0]!r}] must be at least 0, which is never.")]
    if config.STRICT_VARIABLES and config.STRICT_VARIABLES not in STRICT_MODES:
        return [_not_one_of("STRICT_VARIABLES", config.STRICT_VARIABLES, list(STRICT_MODES))]
    if problem := _wrong_queries(config.QUERIES):
        return [problem]
    if config.backend == "redis" and find_spec("redis") is None:
        message = f"{SETTING} asks for Redis, but the package redis is not installed."
        return [_error("E005", message, "Install djust-engine[redis].")]
    return _missing_packages(config)


def _missing_packages(config: Config) -> list[Error]:
    """What is asked for, and not installed."""
    wanted = {
        "METRICS": ("prometheus_client", "prometheus"),
        "TRACING": ("opentelemetry", "opentelemetry"),
    }
    return [
        _error(
            "E005",
            f"{SETTING}[{key!r}] needs the package {package}, which is not installed.",
            f"Install djust-engine[{extra}].",
        )
        for key, (package, extra) in wanted.items()
        if getattr(config, key) and find_spec(package) is None
    ]


def _wrong_queries(asked: str | dict[str, Any]) -> Error | None:
    if isinstance(asked, str):
        return None if asked in QUERY_MODES else _not_one_of("QUERIES", asked, list(QUERY_MODES))
    unknown = [key for key in asked if key not in ("budget", "over")]
    if unknown:
        message = f"{SETTING}['QUERIES'] has an unknown key {unknown[0]!r}."
        return _error("E002", message, _nearest(str(unknown[0]), ["budget", "over"]))
    budget, over = asked.get("budget"), asked.get("over", "forbid")
    if type(budget) is not int or budget < 0:
        message = f"{SETTING}['QUERIES']['budget'] must be a whole number, not {_named(budget)}."
        return _error("E004", message)
    if over not in QUERY_MODES[1:]:
        message = f"{SETTING}['QUERIES']['over'] is {over!r}, which is not one of its values."
        return _error("E004", message, _nearest(str(over), list(QUERY_MODES[1:])))
    return None


def _not_one_of(key: str, value: str, right: list[str]) -> Error:
    message = f"{SETTING}[{key!r}] is {value!r}, which is not one of its values."
    return _error("E004", message, _nearest(value.lower(), right))
