"""Settings of the sample site, for a local machine only.

Environment: ``DJUST_SAMPLE_ENGINE=django`` runs the same site with Django's own template backend,
``DJUST_SAMPLE_DATABASE`` names another SQLite file, or a server
(``postgresql://user:password@host:port/name``), ``DJUST_SAMPLE_DEBUG=0`` turns DEBUG off,
``DJUST_SAMPLE_TOOLBAR=0`` the debug toolbar, ``DJUST_SAMPLE_CACHE`` keeps plans in a directory or
at a URL (``redis://localhost:6379/0``), ``DJUST_SAMPLE_VERIFY=raise`` compares each page with
Django's.
"""

import os
from importlib.util import find_spec
from pathlib import Path

from .addresses import database, plan_store

BASE_DIR = Path(__file__).resolve().parent

SECRET_KEY = "sample-site-for-a-local-machine-only"
DEBUG = os.environ.get("DJUST_SAMPLE_DEBUG", "1") != "0"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]

DJANGO_BACKEND = "django.template.backends.django.DjangoTemplates"
DJUST_BACKEND = "djust_engine.backends.django.DjustTemplates"
USES_DJUST = os.environ.get("DJUST_SAMPLE_ENGINE", "djust") != "django"
USES_TOOLBAR = (
    DEBUG
    and os.environ.get("DJUST_SAMPLE_TOOLBAR", "1") != "0"
    and find_spec("debug_toolbar") is not None
)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    *(["djust_engine"] if USES_DJUST else []),
    "sample_site.accounts",
    "sample_site.rentals",
    "sample_site.blog",
    "sample_site.showcase",
    *(["debug_toolbar"] if USES_TOOLBAR else []),
]

MIDDLEWARE = [
    *(["debug_toolbar.middleware.DebugToolbarMiddleware"] if USES_TOOLBAR else []),
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

DEBUG_TOOLBAR_CONFIG = {
    "SHOW_TOOLBAR_CALLBACK": "sample_site.showcase.toolbar.is_shown",
    "SHOW_COLLAPSED": True,
}
DEBUG_TOOLBAR_PANELS = [
    *(["djust_engine.panel.JITPanel"] if USES_DJUST and USES_TOOLBAR else []),
    "debug_toolbar.panels.history.HistoryPanel",
    "debug_toolbar.panels.timer.TimerPanel",
    "debug_toolbar.panels.request.RequestPanel",
    "debug_toolbar.panels.sql.SQLPanel",
    "debug_toolbar.panels.templates.TemplatesPanel",
]

ROOT_URLCONF = "sample_site.urls"
WSGI_APPLICATION = "sample_site.wsgi.application"


def template_engine(backend: str, **names: str) -> dict[str, object]:
    """An entry of TEMPLATES; both engines differ in their backend and their name alone."""
    return {
        "BACKEND": backend,
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
        **names,
    }


# The first engine serves every page. The second one is there for the compare page.
TEMPLATES = [
    template_engine(DJUST_BACKEND if USES_DJUST else DJANGO_BACKEND),
    template_engine(DJANGO_BACKEND, NAME="oracle"),
]
if USES_DJUST:
    DJUST_CONFIG = {"VERIFY": os.environ.get("DJUST_SAMPLE_VERIFY") or None}
    if "DJUST_SAMPLE_CACHE" in os.environ:
        DJUST_CONFIG |= plan_store(os.environ["DJUST_SAMPLE_CACHE"])
    FORM_RENDERER = "djust_engine.DjustFormRenderer"

DATABASES = {
    "default": database(os.environ.get("DJUST_SAMPLE_DATABASE", str(BASE_DIR / "db.sqlite3")))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = BASE_DIR / "media"

LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "rentals:dashboard"
LOGOUT_REDIRECT_URL = "rentals:dashboard"
