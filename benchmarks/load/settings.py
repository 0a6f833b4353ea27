"""The sample site as it is served in production; what differs is the engine alone."""

import os

os.environ["DJUST_SAMPLE_DEBUG"] = "0"

from sample_site.settings import *  # noqa: F403 -- the same site, with a page more
from sample_site.settings import DATABASES

ROOT_URLCONF = "benchmarks.load.urls"
# A thread of gunicorn keeps its connection; those of an event loop share a pool.
if os.environ.get("DJUST_LOAD_POOL"):
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 2, "max_size": 8}}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = None
