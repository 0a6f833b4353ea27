"""Django's own tests, from the sdist of the installed version, kept in the user's cache."""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import django


class SourceError(Exception):
    """Django's sdist could not be had; the message holds pip's own words."""


def cache_directory() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "djust_engine"


def tests_directory() -> Path:
    """The folder with runtests.py of the installed Django; fetched at the first call."""
    kept = cache_directory() / f"django-{django.__version__}"
    if not (kept / "tests" / "runtests.py").exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
            archive = download(Path(scratch))
            keep(unpack(archive, Path(scratch)), kept)
    return kept / "tests"


def download(folder: Path) -> Path:
    """Django's sdist in `folder`. SourceError when pip gives none."""
    requirement = f"django=={django.__version__}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--no-binary", "django", "--dest", str(folder), requirement]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    archives = list(folder.glob("[dD]jango-*.tar.gz"))
    if run.returncode or not archives:
        raise SourceError(f"pip could not download the sdist of {requirement}:\n{run.stderr}")
    return archives[0]


def unpack(archive: Path, folder: Path) -> Path:
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


def keep(source: Path, kept: Path) -> None:
    """Moves `source` into place; another run may have got there first."""
    try:
        source.rename(kept)
    except OSError:
        if not (kept / "tests" / "runtests.py").exists():
            shutil.rmtree(kept, ignore_errors=True)
            source.rename(kept)
