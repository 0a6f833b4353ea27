"""What a fresh process pays: ``python -m benchmarks.cold``.

Django, ours, and ours without our app in INSTALLED_APPS, each in processes of its own, which take
turns; the least of all rounds is printed. *Setup* is ``django.setup()``, with all imports of the
site: Django loads its template engine there (forms need it), and our app loads ours; *app* is what
our app takes of it. *First* is what comes then, after one address was resolved and reversed (what
URLs cost is the same for all): the first ``get_template()`` and render of the realistic page,
engine included. *Sum* is app and first: all that a start pays for the engine, wherever it is
imported. *Warm* is the median of later renders; *compile* is the time, and *memory* the growth, of
200 distinct templates.
"""

import argparse
import compileall
import json
import os
import subprocess
import sys
from pathlib import Path

from .engines import DJANGO, OURS

# Variant -> its engine, and the environment of its processes.
VARIANTS = {
    "Django": (DJANGO, {"DJUST_SAMPLE_ENGINE": "django"}),
    "ours": (OURS, {"DJUST_SAMPLE_ENGINE": "djust"}),
    "without app": (OURS, {"DJUST_SAMPLE_ENGINE": "djust", "DJUST_BENCHMARK_APP": "0"}),
}
PROBES = ("pages", "templates")
# What is printed, and its unit.
ROWS = {
    "setup": "ms",
    "app": "ms",
    "first": "ms",
    "sum": "ms",
    "warm": "ms",
    "compile": "ms",
    "memory": "KiB",
}
ROOT = Path(__file__).resolve().parent.parent

Round = dict[str, dict[str, float]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cold", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="processes a variant (default: 9)")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    options = parser.parse_args()
    compile_bytecode()
    report([one_round(options.clock) for _ in range(options.rounds)])
    return 0


def compile_bytecode() -> None:
    """What an installation has: else each process would compile the checkout's sources again."""
    for package in ("benchmarks", "djust_engine", "sample_site"):
        compileall.compile_dir(ROOT / package, quiet=2)


def one_round(clock: str) -> Round:
    return {name: ask(name, clock) for name in VARIANTS}


def ask(variant: str, clock: str) -> dict[str, float]:
    """Run the probes of a variant, each in a process of its own. Raises CalledProcessError."""
    engine, environment = VARIANTS[variant]
    answer: dict[str, float] = {}
    for probe in PROBES:
        command = [sys.executable, "-m", "benchmarks.cold_probe", probe, engine, clock]
        output = subprocess.run(
            command,
            env={**os.environ, **environment},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        answer.update(json.loads(output.stdout))
    return answer


def report(rounds: list[Round]) -> None:
    """The least of the rounds, each beside its ratio to Django's: others can only add to it."""
    print(f"{'':14}" + "".join(f"{name:>20}" for name in VARIANTS))
    for key, unit in ROWS.items():
        least = {name: min(one[name][key] for one in rounds) for name in VARIANTS}
        print(
            f"{f'{key} ({unit})':14}"
            + "".join(cell(value, least["Django"]) for value in least.values())
        )


def cell(value: float, django: float) -> str:
    return f"{value:12.2f}" + (f"{value / django:8.2f}" if django else " " * 8)


if __name__ == "__main__":
    sys.exit(main())
