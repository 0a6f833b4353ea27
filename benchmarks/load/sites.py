"""The sample site in processes of its own: its database, its servers, and what they weigh."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from tests.faults.servers import free_port, wait_until

from ..databases import ADDRESS, database

ROOT = Path(__file__).resolve().parents[2]
SERVERS = ("sync", "gthread", "uvicorn")


@dataclass(frozen=True)
class Variant:
    """One way to serve the same page."""

    title: str
    engine: str
    path: str


NAIVE = Variant("Django, naive view", "django", "/leases/?page=3")
TUNED = Variant("Django, tuned by hand", "django", "/tuned/leases/?page=3")
OURS = Variant("djust_engine, naive view", "djust", "/leases/?page=3")
VARIANTS = (NAIVE, TUNED, OURS)


@contextmanager
def sample_database() -> Iterator[str]:
    """The URL of a database with the sample rows, which is gone afterwards. Raises NoDatabase."""
    database("postgresql")
    import psycopg

    server = os.environ[ADDRESS]
    name = f"djust_load_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            url = urlsplit(server)._replace(path=f"/{name}").geturl()
            _load(url)
            yield url
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _load(url: str) -> None:
    for command in (["migrate"], ["load_sample_data", "--today", "2026-03-01"]):
        subprocess.run(
            [sys.executable, "sample_site/manage.py", *command],
            cwd=ROOT,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "sample_site.settings",
                "DJUST_SAMPLE_DATABASE": url,
                "DJUST_SAMPLE_ENGINE": "django",
            },
            stdout=subprocess.DEVNULL,
            check=True,
        )


def _command(server: str, workers: int, threads: int, port: int) -> list[str]:
    if server == "uvicorn":
        command = ["uvicorn", "benchmarks.load.asgi:application", "--port", str(port)]
        return [*command, "--log-level", "warning", "--lifespan", "off", "--workers", str(workers)]
    command = ["gunicorn", "benchmarks.load.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", server, "--log-level", "warning", "--workers", str(workers)]
    return command + (["--threads", str(threads)] if server == "gthread" else [])


@dataclass(frozen=True)
class Weight:
    """MiB in memory of each worker, and the seconds that all of them have had a processor."""

    resident: list[float]
    processor: float

    @property
    def mean(self) -> float:
        return sum(self.resident) / len(self.resident)


@dataclass(frozen=True)
class Site:
    """A server that runs."""

    address: str
    process: subprocess.Popen[bytes]

    def get(self, path: str) -> bytes:
        with urlopen(self.address + path, timeout=30) as answer:
            body: bytes = answer.read()
            return body

    def answers(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"The server ended with {self.process.returncode}.")
        try:
            self.get("/static/none")
        except HTTPError:
            return True
        except URLError:
            return False
        return True

    def weight(self) -> Weight:
        """What the workers weigh now."""
        pids = [pid for pid in _children(self.process.pid) if _is_worker(pid)]
        return Weight([resident(pid) for pid in pids], sum(map(_processor, pids)))


@contextmanager
def served(
    server: str, engine: str, url: str, store: str, workers: int, threads: int
) -> Iterator[Site]:
    """The site behind ``server``, one of SERVERS, with plans in ``store``."""
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "benchmarks.load.settings",
        "DJUST_SAMPLE_ENGINE": engine,
        "DJUST_SAMPLE_DATABASE": url,
        "DJUST_SAMPLE_CACHE": store,
        "DJUST_LOAD_POOL": "1" if server == "uvicorn" else "",
    }
    command = [sys.executable, "-m", *_command(server, workers, threads, port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    site = Site(f"http://127.0.0.1:{port}", process)
    try:
        wait_until(site.answers, 60)
        yield site
    finally:
        process.terminate()
        process.wait(30)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_worker(pid: int) -> bool:
    """Not the process with which multiprocessing tracks what it shares."""
    return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()


def resident(pid: int) -> float:
    """MiB in memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _processor(pid: int) -> float:
    # After the name in parentheses: the 12th and 13th field are ticks in user and system mode.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
