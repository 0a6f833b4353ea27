"""The sample site's settings, with a database of the benchmarks' own and their templates."""

import os

os.environ["DJUST_SAMPLE_DATABASE"] = ":memory:"
os.environ["DJUST_SAMPLE_DEBUG"] = "0"

from sample_site.settings import *  # noqa: F403 -- the same site, less its file
from sample_site.settings import BASE_DIR, DJUST_BACKEND, TEMPLATES, template_engine

from .databases import database
from .engines import OFF

DATABASES = {"default": database(os.environ.get("DJUST_BENCHMARK_DATABASE", "sqlite"))}

off = template_engine(DJUST_BACKEND, NAME=OFF)
off["OPTIONS"] = {**off["OPTIONS"], "jit": False}
TEMPLATES = [*TEMPLATES, off]
for engine in TEMPLATES:
    engine["DIRS"] = [BASE_DIR.parent / "benchmarks" / "templates", *engine["DIRS"]]

# What the middleware warns of, among the figures.
LOGGING = {"version": 1, "loggers": {"djust.jit": {"level": "ERROR"}}}
