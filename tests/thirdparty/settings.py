"""A site with third-party apps; the environment says which apps, and which template backend."""

import os

from tests.settings import *  # noqa: F403 -- the same site, with other apps

GROUP = os.environ["THIRDPARTY_GROUP"]
APPS = {
    "guests": [
        "compressor",
        "crispy_bootstrap5",
        "crispy_forms",
        "django_bootstrap5",
        "django_filters",
        "django_tables2",
        "mptt",
        "sekizai",
        "widget_tweaks",
    ],
    "components": ["django_components"],
    "cotton": ["django_cotton.apps.SimpleAppConfig"],
}
BUILTINS = {
    "guests": [],
    "components": ["django_components.templatetags.component_tags"],
    "cotton": ["django_cotton.templatetags.cotton"],
}
LOADERS = {
    "guests": ["django.template.loaders.filesystem.Loader"],
    "components": ["django_components.template_loader.Loader"],
    "cotton": ["django_cotton.cotton_loader.Loader"],
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    *APPS[GROUP],
    "djust_engine",
    "tests.thirdparty",
]
ROOT_URLCONF = "tests.thirdparty.urls"
PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
]
if GROUP == "guests":
    PROCESSORS.append("sekizai.context_processors.sekizai")
OWN_LOADERS = [*LOADERS[GROUP], "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": os.environ["THIRDPARTY_BACKEND"],
        "OPTIONS": {
            "context_processors": PROCESSORS,
            "builtins": BUILTINS[GROUP],
            "loaders": [("django.template.loaders.cached.Loader", OWN_LOADERS)],
        },
    }
]

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
COMPRESS_ENABLED = True
COMPRESS_ROOT = STATIC_ROOT = os.environ["THIRDPARTY_FILES"]
STATIC_URL = COMPRESS_URL = "/static/"
COMPONENTS = {"autodiscover": False}
BASE_DIR = os.path.dirname(__file__)
