"""``site``: the sample site with its sample rows, in a database file of the test run."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ["django", "djust"]


@dataclass(frozen=True)
class Site:
    """Runs commands of the site in processes of their own, with either engine."""

    database: Path | str

    def run(
        self, *arguments: str, engine: str = "djust", status: int = 0, toolbar: bool = False
    ) -> str:
        """Run ``python *arguments``, assert its exit ``status`` and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-W", "error", *arguments],
            cwd=ROOT,
            env=self.environment(engine, toolbar),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=240,
        )
        assert done.returncode == status, done.stderr or done.stdout
        return done.stdout

    def manage(self, *arguments: str, engine: str = "djust") -> str:
        return self.run("sample_site/manage.py", *arguments, engine=engine)

    def visit(self, *arguments: str, engine: str) -> dict[str, dict]:
        return json.loads(self.run("-m", "tests.sample_site.visit", *arguments, engine=engine))

    def environment(self, engine: str, toolbar: bool = False) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        return inherited | {
            "DJUST_SAMPLE_ENGINE": engine,
            "DJUST_SAMPLE_DATABASE": str(self.database),
            "DJUST_SAMPLE_TOOLBAR": "1" if toolbar else "0",
            "PYTHONIOENCODING": "utf-8",
        }


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    made = Site(tmp_path_factory.mktemp("sample_site") / "db.sqlite3")
    made.manage("migrate", "--verbosity", "0", engine="django")
    made.manage("load_sample_data", "--today", "2026-03-01", engine="django")
    return made
