"""Plans in a directory, and small file systems for it."""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import override_settings

from djust_engine.jit.cache import get_cache
from tests.faults.pages import cache_modes, warnings_in


@contextmanager
def mounted(directory, options):
    """A small file system of its own in a new directory. Raises CalledProcessError."""
    directory.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(directory)]
    subprocess.run(command, check=True, capture_output=True)
    try:
        yield directory
    finally:
        subprocess.run(["umount", "--lazy", str(directory)], check=True)


def may_mount():
    """Whether this process may: root outside of a container that forbids it."""
    if os.geteuid() != 0:
        return False
    try:
        with TemporaryDirectory() as directory, mounted(Path(directory) / "disk", "size=64k"):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def shared_in(directory):
    """A process that shares its plans in the directory."""
    config = {"JIT_CACHE_BACKEND": "filesystem", "JIT_CACHE_DIR": str(directory)}
    return override_settings(DJUST_CONFIG={**config, "JIT_CACHE_TIMEOUT": 10.0})


def check_local_plans(visitor, caplog, number=20):
    assert cache_modes(visitor.visits(number)).count("miss") == number
    assert get_cache().stats().errors > 0
    (line,) = warnings_in(caplog)
    assert "JIT_CACHE_DIR" in line
    return line
