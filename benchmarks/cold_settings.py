"""The benchmarks' settings, with or without our app, for processes that start cold."""

import os

from .settings import *  # noqa: F403 -- the same site
from .settings import INSTALLED_APPS

if os.environ.get("DJUST_BENCHMARK_APP") == "0":
    INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "djust_engine"]
