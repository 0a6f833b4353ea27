"""The sample site's settings, with its rows in memory and the benchmarks' templates."""

import os

os.environ["DJUST_SAMPLE_DATABASE"] = ":memory:"
os.environ["DJUST_SAMPLE_DEBUG"] = "0"

from sample_site.settings import *  # noqa: F403 -- the same site, less its file
from sample_site.settings import BASE_DIR, TEMPLATES

for engine in TEMPLATES:
    engine["DIRS"] = [BASE_DIR.parent / "benchmarks" / "templates", *engine["DIRS"]]
