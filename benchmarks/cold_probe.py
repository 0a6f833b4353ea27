"""One fresh process of ``benchmarks.cold``: it imports nothing before Django, and prints JSON.

``python -m benchmarks.cold_probe pages|templates ENGINE wall|cpu``
"""

import os
import sys
import time

PAGE = "benchmarks/realistic/page.html"
TEMPLATES = 200
WARM_RENDERS = 30
# The clocks of `benchmarks.timing`, which imports a part of Django that a site does not need.
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def main() -> None:
    probe, engine, name = sys.argv[1:]
    found = PROBES[probe](engine, CLOCKS[name])
    import json

    print(json.dumps(found))


def prepare(clock):
    """Set the site up, and its URLs; milliseconds of the former, and what our app took of them."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.cold_settings"
    start = clock()
    import django

    app = time_app(clock)
    django.setup()
    setup = (clock() - start) * 1000
    from django.urls import resolve, reverse

    resolve("/")
    reverse("logout")
    return {"setup": setup, "app": sum(app) * 1000}


def time_app(clock):
    """A list that gets the seconds of importing our app, and those of its `ready()`."""
    from django.apps import AppConfig

    spent = []
    create = AppConfig.create

    def timed(function):
        start = clock()
        made = function()
        spent.append(clock() - start)
        return made

    def create_timed(entry):
        if entry != "djust_engine":
            return create(entry)
        config = timed(lambda: create(entry))
        ready = config.ready
        config.ready = lambda: timed(ready)
        return config

    AppConfig.create = create_timed
    return spent


def pages(name, clock):
    """Milliseconds of setting up, of the first render, and of those after it."""
    prepared = prepare(clock)
    import gc

    from .realistic import page

    context = page(1)
    gc.collect()
    times = []
    for _ in range(WARM_RENDERS):
        start = clock()
        from django.template import engines

        engines[name].get_template(PAGE).render(context)
        times.append((clock() - start) * 1000)
    warm = sorted(times[1:])[len(times) // 2]
    return {**prepared, "first": times[0], "sum": prepared["app"] + times[0], "warm": warm}


def templates(name, clock):
    """Milliseconds to compile distinct templates, and KiB that they keep."""
    prepare(clock)
    from django.template import engines

    engine = engines[name]
    engine.get_template(PAGE)
    sources = [source(number) for number in range(TEMPLATES)]
    before = resident()
    start = clock()
    kept = [engine.from_string(text) for text in sources]
    spent = (clock() - start) * 1000
    return {"compile": spent, "memory": resident() - before, "templates": len(kept)}


def source(number):
    """A page of about 5 KB that no other number gives."""
    rows = "".join(
        f"<tr class=\"{{% cycle 'a' 'b' %}}\"><td>{{{{ row.name_{number}|upper }}}}</td>"
        f"<td>{{% if row.price_{index} > 5 %}}{{{{ row.price_{index}|floatformat:2 }}}}"
        f"{{% else %}}<a href=\"{{{{ row.url|default:'#' }}}}\">{{{{ row.other.name }}}}</a>"
        f"{{% endif %}}</td></tr>\n"
        for index in range(20)
    )
    return f"<h1>{number}</h1><table>{{% for row in rows %}}{rows}{{% endfor %}}</table>"


def resident():
    """KiB of this process that are in memory (`/proc/self/statm`)."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024


PROBES = {"pages": pages, "templates": templates}

if __name__ == "__main__":
    main()
