"""gunicorn and uvicorn, serving the sample site as docs/deployment.md says that it is done."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from sample_site.showcase.measure import masked
from tests.faults.servers import free_port, wait_until
from tests.sample_site.conftest import ROOT

PATHS = ("/", "/leases/?page=3", "/blog/", "/people/mina/", "/leases/1/")
DOCS = ROOT / "docs/deployment.md"
# A fork of a process that has threads.
ALWAYS_TOLD = {"PYTHONWARNINGS": "always::DeprecationWarning"}
SETTINGS = """
from sample_site.settings import *

MIDDLEWARE = ["tests.faults.reporting.reports", *MIDDLEWARE]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR"}},
}
"""


def snippet(name):
    """The code of the documentation that begins with its file's name in a comment."""
    blocks = re.findall(r"^```python\n(.*?)^```", DOCS.read_text(), re.DOTALL | re.MULTILINE)
    (found,) = [block for block in blocks if block.startswith(f"# {name}\n")]
    return found


@dataclass
class Project:
    """A project ``mysite`` in a directory: the sample site, with files of the documentation."""

    directory: Path
    environment: dict = field(default_factory=dict)

    def write(self, more="", **files):
        """Write modules by name, the server's settings as ``conf``; ``more`` settings."""
        package = self.directory / "mysite"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
        (package / "settings.py").write_text(SETTINGS + more)
        for name, text in files.items():
            folder = self.directory if name == "conf" else package
            (folder / f"{'gunicorn.conf' if name == 'conf' else name}.py").write_text(text)

    @contextmanager
    def gunicorn(self, *options):
        with self._serve("gunicorn", "mysite.wsgi", "--bind", "{host}:{port}", *options) as served:
            yield served

    @contextmanager
    def uvicorn(self, *options):
        command = ["uvicorn", "mysite.asgi:application", "--host", "{host}", "--port", "{port}"]
        with self._serve(*command, "--lifespan", "off", *options) as served:
            yield served

    @contextmanager
    def _serve(self, *command):
        port = free_port()
        arguments = [part.format(host="127.0.0.1", port=port) for part in command]
        log = self.directory / "log"
        with log.open("w") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=self.directory,
                env=self.environment | {"PYTHONPATH": str(ROOT), **ALWAYS_TOLD},
                stdout=written,
                stderr=subprocess.STDOUT,
            )
        served = Served(f"http://127.0.0.1:{port}", process, log)
        try:
            served.wait()
            yield served
        finally:
            process.terminate()
            process.wait(30)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    worker: str
    plans_made: int
    compiled: int


@dataclass(frozen=True)
class Served:
    """A server that runs."""

    address: str
    process: subprocess.Popen
    log: Path

    def wait(self):
        def answers():
            assert self.process.poll() is None, self.log.read_text()
            try:
                with urlopen(f"{self.address}/static/none", timeout=30):
                    return True
            except URLError as error:
                return hasattr(error, "code")

        wait_until(answers, 60)

    def get(self, path):
        try:
            with urlopen(self.address + path, timeout=60) as answer:
                told, body = answer.headers, answer.read()
        except HTTPError as error:
            raise AssertionError(f"{path}: {error}\n{self.log.read_text()}") from error
        plans, templates = told["X-Plans-Made"], told["X-Templates-Compiled"]
        return Answer(answer.status, body, told["X-Worker"], int(plans), int(templates))

    def get_all(self, paths, at_once=8):
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(self.get, paths))


def check_pages(served, expected, rounds=4):
    """Ask for all pages at once, over and over; return the answers."""
    paths = [*PATHS] * rounds
    answers = served.get_all(paths)
    assert [answer.status for answer in answers] == [200] * len(paths)
    for path, answer in zip(paths, answers, strict=True):
        assert masked(answer.body) == expected[path], path
    return answers
