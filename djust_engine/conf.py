"""``DJUST_CONFIG``: defaults, validation that names the nearest right key, and the cached reader.

The backend calls ``start()`` before it gives a template, which raises ImproperlyConfigured;
``check_config`` says the same as Django system checks.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from os.path import isfile
from typing import Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

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
#: Schemes of a Redis URL to those that redis-py reads; Valkey speaks the same protocol.
REDIS_SCHEMES = {
    **dict.fromkeys(("redis", "valkey"), "redis"),
    **dict.fromkeys(("rediss", "valkeys"), "rediss"),
    "unix": "unix",
}
#: What may follow one of them: ``redis+sentinel://``.
REDIS_KINDS = ("cluster", "sentinel")
_REDIS = (
    *REDIS_SCHEMES,
    *(f"{name}+{kind}" for kind in REDIS_KINDS for name in REDIS_SCHEMES if name != "unix"),
)
_SCHEMES = {"memory": "memory", "file": "filesystem"} | dict.fromkeys(_REDIS, "redis")
#: ``JIT_CACHE_BACKEND`` "django:alias" is the cache of that name in ``CACHES``.
ALIAS = "django:"


class Config(NamedTuple):
    """The settings under their own names, with their defaults.

    ``JIT_CACHE_URL`` says backend and place in one: ``memory://``, ``file:///var/cache/djust`` or
    ``redis://localhost:6379/0``; it goes before the other three. Or it names a bundle of plans:
    ``file:///srv/plans.json`` or ``https://...``, beside whichever backend there is.

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
    JIT_CACHE_MAX_ENTRIES: int = 2048
    JIT_CACHE_MAX_BYTES: int = 32 * 1024 * 1024
    JIT_CACHE_TIMEOUT: float = 0.1
    JIT_CACHE_SIGNED: bool = False
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
    def bundle(self) -> str:
        """The URL of a bundle of plans; empty where ``JIT_CACHE_URL`` is none."""
        url = urlsplit(self.JIT_CACHE_URL)
        is_file = url.scheme == "file" and (url.path.endswith(".json") or isfile(_path_of(url)))
        return self.JIT_CACHE_URL if is_file or url.scheme == "https" else ""

    @property
    def backend(self) -> str:
        scheme = "" if self.bundle else urlsplit(self.JIT_CACHE_URL).scheme
        return _SCHEMES[scheme] if scheme else self.JIT_CACHE_BACKEND

    @property
    def cache_dir(self) -> str:
        url = urlsplit(self.JIT_CACHE_URL)
        is_directory = url.scheme == "file" and not self.bundle
        return _path_of(url) if is_directory else self.JIT_CACHE_DIR

    @property
    def redis_url(self) -> str:
        scheme = urlsplit(self.JIT_CACHE_URL).scheme
        return self.JIT_CACHE_URL if _SCHEMES.get(scheme) == "redis" else self.JIT_REDIS_URL

    @property
    def cache_setting(self) -> str:
        """What of the setting chose the store, for messages."""
        own = {"filesystem": "JIT_CACHE_DIR", "redis": "JIT_REDIS_URL"}
        given = self.JIT_CACHE_URL and not self.bundle
        key = "JIT_CACHE_URL" if given else own.get(self.backend, "JIT_CACHE_BACKEND")
        return f"{SETTING}[{key!r}]"


def _path_of(url: SplitResult) -> str:
    return unquote(url.path)


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
    """What is wrong with a value of ``DJUST_CONFIG``: all of it, each with a hint."""
    if not isinstance(given, dict):
        hint = f"Write {SETTING} = {{'VERIFY': 'log'}}, for example."
        return [_error("E001", f"{SETTING} must be a dictionary, not {_named(given)}.", hint)]
    problems = [_unknown_key(key) for key in given if key not in KEYS]
    known = {key: value for key, value in given.items() if key in KEYS}
    right = {key: value for key, value in known.items() if _fits(key, value)}
    wrong = [_wrong_type(key, value) for key, value in known.items() if key not in right]
    return [*problems, *wrong, *_wrong_values(Config(**right))]


def _error(number: str, message: str, hint: str) -> Error:
    return Error(message, hint=hint, id=f"djust_engine.{number}")


def _named(value: Any) -> str:
    return f"{value!r} ({type(value).__name__})"


def _default(key: str) -> str:
    return f"Without it, {DEFAULTS[key]!r} holds."


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
    if KEYS[key] is float:
        return type(value) in (int, float)
    return type(value) is KEYS[key] or (
        key == "JIT_CACHE_DIR" and hasattr(value, "__fspath__")  # a pathlib.Path is as good
    )


_WANTED = {
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    str: "a string",
    str | None: "a string or None",
    str | dict[str, Any]: "'allow', 'warn', 'forbid' or a budget such as {'budget': 10}",
}


def _wrong_type(key: str, value: Any) -> Error:
    wanted, taken = _WANTED[KEYS[key]], _CHOICES.get(key)
    hint = f"It takes {', '.join(map(repr, taken))}, or None." if taken else _default(key)
    return _error("E003", f"{SETTING}[{key!r}] must be {wanted}, not {_named(value)}.", hint)


_CHOICES = {"VERIFY": VERIFY_MODES, "STRICT_VARIABLES": STRICT_MODES}


def _wrong_values(config: Config) -> list[Error]:
    """Those of every key; only where all are right, what they ask for and is not installed."""
    found = [
        _wrong_cache(config),
        _wrong_queries(config.QUERIES),
        *(_wrong_choice(key, getattr(config, key)) for key in _CHOICES),
        *(_too_small(key, getattr(config, key), 0) for key in THRESHOLDS),
    ]
    return [problem for problem in found if problem] or _missing_packages(config)


def _wrong_choice(key: str, value: str | None) -> Error | None:
    right = [*_CHOICES[key]]
    return _not_one_of(key, value, right) if value and value not in right else None


def _too_small(key: str, value: float, least: float) -> Error | None:
    if value >= least:
        return None
    return _error("E004", f"{SETTING}[{key!r}] must be at least {least}.", _default(key))


_LEAST = {
    "JIT_REDIS_POOL_SIZE": 1,
    "JIT_CACHE_MAX_ENTRIES": 1,
    "JIT_CACHE_MAX_BYTES": 1024,
    "JIT_CACHE_TIMEOUT": 0.001,
}


def _wrong_cache(config: Config) -> Error | None:
    for key in ("JIT_CACHE_URL", "JIT_REDIS_URL"):
        try:
            urlsplit(getattr(config, key))
        except ValueError as error:
            return _error("E004", f"{SETTING}[{key!r}] is no URL: {error}.", _default(key))
    backend = config.JIT_CACHE_BACKEND
    if backend.startswith(ALIAS):
        if problem := _unknown_alias(backend):
            return problem
    elif backend not in BACKENDS:
        return _not_one_of("JIT_CACHE_BACKEND", backend, [*BACKENDS, f"{ALIAS}default"])
    if config.JIT_CACHE_DIR == "":
        message = f"{SETTING}['JIT_CACHE_DIR'] is empty: that would be the working directory."
        return _error("E004", message, _default("JIT_CACHE_DIR"))
    if config.JIT_CACHE_URL and (problem := _wrong_url(config.JIT_CACHE_URL)):
        return problem
    for key, least in _LEAST.items():
        if problem := _too_small(key, getattr(config, key), least):
            return problem
    if config.backend == "redis":
        key = config.cache_setting.split("'")[1]
        return _wrong_server(key, config.redis_url)
    return None


def _unknown_alias(backend: str) -> Error | None:
    alias, known = backend.removeprefix(ALIAS), list(settings.CACHES)
    if alias in known:
        return None
    message = f"{SETTING}['JIT_CACHE_BACKEND'] is {backend!r}, but CACHES has no {alias!r}."
    return _error("E004", message, _nearest(alias, known))


def _wrong_url(url: str) -> Error | None:
    parts, known = urlsplit(url), [*_SCHEMES, "https"]
    if parts.scheme not in known:
        shown = url if "@" not in url else f"{parts.scheme}://..."  # it may hold a password
        return _not_one_of("JIT_CACHE_URL", shown, [f"{one}://" for one in known])
    if parts.scheme == "file" and (parts.netloc or not parts.path.startswith("/")):
        message = f"{SETTING}['JIT_CACHE_URL'] is {url!r}, which names no absolute path."
        return _error("E004", message, "Write file:///the/path, with three slashes.")
    if parts.scheme == "https" and not parts.hostname:
        message = f"{SETTING}['JIT_CACHE_URL'] is {url!r}, which names no host."
        return _error("E004", message, "Write https://host/plans.json.")
    return None


def _wrong_server(key: str, url: str) -> Error | None:
    """What is wrong with the URL of a Redis server; its password is in no message."""
    parts = urlsplit(url)
    if parts.scheme not in _REDIS:
        message = f"{SETTING}[{key!r}] begins with {parts.scheme!r}, which is no scheme of Redis."
        return _error("E004", message, _nearest(parts.scheme, [*_REDIS]))
    for place in parts.netloc.rpartition("@")[2].split(","):
        host, _, port = place.rpartition(":") if not place.endswith("]") else (place, "", "")
        if host and port and not (port.isdecimal() and 0 < int(port) < 65536):
            return _error("E004", f"{SETTING}[{key!r}] has a port {port!r}.", "Ports are numbers.")
    return None


def _missing_packages(config: Config) -> list[Error]:
    """What is asked for, and not installed."""
    if config.backend == "redis" and find_spec("redis") is None:
        message = f"{SETTING} asks for Redis, but the package redis is not installed."
        return [_error("E005", message, "Install djust-engine[redis].")]
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
        return _error("E004", message, "Write {'budget': 10}, for example.")
    if over not in QUERY_MODES[1:]:
        message = f"{SETTING}['QUERIES']['over'] is {over!r}, which is not one of its values."
        return _error("E004", message, _nearest(str(over), list(QUERY_MODES[1:])))
    return None


def _not_one_of(key: str, value: str, right: list[str]) -> Error:
    message = f"{SETTING}[{key!r}] is {value!r}, which is not one of its values."
    return _error("E004", message, _nearest(value.lower(), right))
