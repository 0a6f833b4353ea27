import json
from dataclasses import asdict

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sample_site.showcase.measure import Comparison, compare

BAR = 24


class Command(BaseCommand):
    help = "Renders the pages of the sample site with both engines and prints queries and times."

    def add_arguments(self, parser):
        parser.add_argument("--rounds", type=int, default=7, help="timed renders a page and engine")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args, rounds, json, **options):
        if rounds < 1:
            raise CommandError("--rounds takes a number from 1 on.")
        comparisons = compare(rounds=rounds)
        self.stdout.write(as_json(comparisons) if json else as_table(comparisons))
        different = [item.page.path for item in comparisons if not item.equal]
        if different:
            raise CommandError(f"The engines gave different bytes for {', '.join(different)}.")


def as_json(comparisons: list[Comparison]) -> str:
    rows = [asdict(item) | {"path": item.page.path} for item in comparisons]
    return json.dumps(rows, indent=2)


def as_table(comparisons: list[Comparison]) -> str:
    lines = [heading(), *(line(item) for item in comparisons)]
    if not settings.USES_DJUST:
        lines.append("\nDJUST_SAMPLE_ENGINE=django: both columns are Django's own engine.")
    return "\n".join(lines)


def heading() -> str:
    groups = f"{'':22}{'queries':^18}{'milliseconds':^20}"
    names = f"{'page':22}{'Django':>8}{'djust':>8}  {'Django':>9}{'djust':>9}"
    return f"{groups}\n{names}  {'time beside Django':{BAR + 8}}bytes"


def line(item: Comparison) -> str:
    counts = f"{item.django.queries:8}{item.djust.queries:8}"
    times = f"{item.django.milliseconds:9.2f}{item.djust.milliseconds:9.2f}"
    filled = min(BAR, max(1, round(item.time_share * BAR / 100)))
    bar = "█" * filled + "░" * (BAR - filled)
    verdict = "equal" if item.equal else "DIFFERENT"
    return f"{item.page.title:22}{counts}  {times}  {bar} {item.time_share:4.0f} %  {verdict}"
