"""Settings of the test run: our engine as "django", and Django's own beside it as "oracle".

With DJUST_VERIFY=raise in the environment, each render of the backend is compared with Django's.
With DJUST_DATABASE=postgresql://user:password@host:port/name, tests run on that server.
"""

import os
import tempfile
from urllib.parse import parse_qsl, unquote, urlsplit

import django


def database(address: str) -> dict[str, object]:
    """The settings of a database: SQLite in memory, or the PostgreSQL that ``address`` names."""
    if not address:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    parts = urlsplit(address)
    return {
        "ENGINE": f"django.db.backends.{parts.scheme}",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username or "",
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
        # The tests' own apps have no migrations, and refer to tables of apps that have.
        "TEST": {"MIGRATE": False},
    }


SECRET_KEY = "tests"
DEBUG = False
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "tests.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database(os.environ.get("DJUST_DATABASE", ""))}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "djust_engine",
    "tests.jitapp",
    "tests.adminapp",
    "tests.seam",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

_OPTIONS = {
    "context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]
}
OURS = {
    "BACKEND": "djust_engine.backends.django.DjustTemplates",
    "APP_DIRS": True,
    "OPTIONS": _OPTIONS,
}
ORACLE = {
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "NAME": "oracle",
    "APP_DIRS": True,
    "OPTIONS": _OPTIONS,
}
TEMPLATES = [OURS, ORACLE]

if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}

if os.environ.get("DJUST_VERIFY"):
    DJUST_CONFIG = {"VERIFY": os.environ["DJUST_VERIFY"]}
STATIC_URL = "static/"
MEDIA_URL = "media/"
MEDIA_ROOT = tempfile.gettempdir()
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English"), ("de", "German"), ("fr", "French"), ("hi", "Hindi")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
