"""Run with the sample site's settings: visits pages, prints what came of them as JSON.

Usage: ``python -m tests.faults.visiting '{"config": {...}}' PATH…``. ``config`` is DJUST_CONFIG;
``version`` is what the package says that its version is; ``longest_file`` is the size in bytes
beyond which this process may write no file, as on a disk that is full.
"""

import json
import logging
import os
import resource
import sys
import time


class Kept(logging.Handler):
    """Keeps the warnings."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def main(asked, paths):
    os.environ["DJANGO_SETTINGS_MODULE"] = "sample_site.settings"
    from django.conf import settings

    import djust_engine._native

    djust_engine.__version__ = asked.get("version", djust_engine.__version__)
    settings.DJUST_CONFIG = asked["config"]
    import django

    django.setup()
    kept = Kept()
    logging.getLogger("djust.jit").addHandler(kept)
    if "longest_file" in asked:
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["longest_file"], hard))
    print(json.dumps({**visit_all(paths), "warnings": kept.lines}))


def visit_all(paths):
    from django.test import Client

    from djust_engine.decisions import collect
    from djust_engine.jit.cache import get_cache
    from sample_site.showcase.measure import masked

    client, bodies, seconds = Client(), {}, []
    with collect() as made:
        for path in paths:
            started = time.perf_counter()
            bodies[path] = masked(client.get(path).content).decode()
            seconds.append(time.perf_counter() - started)
    modes = [one.mode for one in made if one.kind == "cache"]
    return {"bodies": bodies, "modes": modes, "seconds": seconds, **get_cache().stats()._asdict()}


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
