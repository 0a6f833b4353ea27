"""What a fresh process pays: ``python -m benchmarks.cold``.

Each variant runs in processes of its own, Django's without our app. *Setup* is ``django.setup()``:
Django loads its template engine there (forms need it), and our app loads ours. *Cold* is what comes
then, after one address was resolved and reversed (what URLs cost is the same for both): the first
``get_template()`` and render of the realistic page, engine included; *warm* is the median of later
renders; *compile* is the time, and *memory* the growth, of 200 distinct templates.
"""

import argparse
import json
import os
import subprocess
import sys
from statistics import median

from .engines import DJANGO, OURS
from .timing import CLOCKS, Clock

PAGE = "benchmarks/realistic/page.html"
TEMPLATES = 200
WARM_RENDERS = 30
# What is printed, and its unit.
ROWS = {"setup": "ms", "cold": "ms", "warm": "ms", "compile": "ms", "memory": "KiB"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cold", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="processes a variant (default: 9)")
    parser.add_argument("--probe", choices=["pages", "templates"], help=argparse.SUPPRESS)
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    parser.add_argument("--clock", choices=list(CLOCKS), default="wall")
    options = parser.parse_args()
    if options.probe:
        print(json.dumps(PROBES[options.probe](options.engine, CLOCKS[options.clock])))
        return 0
    report({name: samples(name, options.rounds, options.clock) for name in (DJANGO, OURS)})
    return 0


def samples(engine: str, rounds: int, clock: str) -> dict[str, float]:
    """The medians over ``rounds`` processes a probe: milliseconds, and KiB for memory."""
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        for probe in PROBES:
            for key, value in ask(probe, engine, clock).items():
                found.setdefault(key, []).append(value)
    return {key: median(values) for key, values in found.items()}


def ask(probe: str, engine: str, clock: str) -> dict[str, float]:
    """Run one probe in a process of its own. Raises CalledProcessError."""
    command = [sys.executable, "-m", "benchmarks.cold", "--clock", clock]
    command += ["--probe", probe, "--engine", engine]
    environment = {**os.environ, "DJUST_SAMPLE_ENGINE": "django" if engine == DJANGO else "djust"}
    output = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(output.stdout)
    return answer


def report(found: dict[str, dict[str, float]]) -> None:
    django, ours = found[DJANGO], found[OURS]
    print(f"{'':24}{'Django':>10}{'ours':>10}{'ratio':>8}")
    for key, unit in ROWS.items():
        ratio = ours[key] / django[key]
        print(f"{f'{key} ({unit})':24}{django[key]:10.2f}{ours[key]:10.2f}{ratio:8.2f}")
    print(f"{'ours cold / Django warm':24}{'':20}{ours['cold'] / django['warm']:8.2f}")


def prepare(clock: Clock) -> float:
    """Set the site up, and its URLs; return the milliseconds of the former."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    start = clock()
    import django

    django.setup()
    spent = (clock() - start) * 1000
    from django.urls import resolve, reverse

    resolve("/")
    reverse("logout")
    return spent


def pages(name: str, clock: Clock) -> dict[str, float]:
    """Milliseconds of setting up, of the first render, and of those after it."""
    setup = prepare(clock)
    from .realistic import page

    context = page(1)
    times = []
    for _ in range(WARM_RENDERS):
        start = clock()
        from django.template import engines

        engines[name].get_template(PAGE).render(context)
        times.append((clock() - start) * 1000)
    return {"setup": setup, "cold": times[0], "warm": median(times[1:])}


def templates(name: str, clock: Clock) -> dict[str, float]:
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


def source(number: int) -> str:
    """A page of about 5 KB that no other number gives."""
    rows = "".join(
        f"<tr class=\"{{% cycle 'a' 'b' %}}\"><td>{{{{ row.name_{number}|upper }}}}</td>"
        f"<td>{{% if row.price_{index} > 5 %}}{{{{ row.price_{index}|floatformat:2 }}}}"
        f"{{% else %}}<a href=\"{{{{ row.url|default:'#' }}}}\">{{{{ row.other.name }}}}</a>"
        f"{{% endif %}}</td></tr>\n"
        for index in range(20)
    )
    return f"<h1>{number}</h1><table>{{% for row in rows %}}{rows}{{% endfor %}}</table>"


def resident() -> float:
    """KiB of this process that are in memory (`/proc/self/statm`)."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024


PROBES = {"pages": pages, "templates": templates}

if __name__ == "__main__":
    sys.exit(main())
