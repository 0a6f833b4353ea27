import datetime as dt

from django.core.management.base import BaseCommand
from django.utils import timezone

from sample_site.showcase.load import load


class Command(BaseCommand):
    help = "Replaces all rows of the sample site by the sample rows. Running it again is harmless."

    def add_arguments(self, parser):
        parser.add_argument(
            "--today",
            type=dt.date.fromisoformat,
            help="the day from which all dates are counted (default: today)",
        )

    def handle(self, *args, today, **options):
        counts = load(today or timezone.localdate())
        for name, count in counts.items():
            self.stdout.write(f"{count:6,} {name}")
        self.stdout.write("Log in at /admin/ as admin, password admin.")
