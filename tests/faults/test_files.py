"""A directory of plans that is full, read-only, gone or spoilt: pages are Django's all the same."""

import json
import os
import subprocess
from contextlib import contextmanager

import pytest
from django.test import override_settings

from djust_engine.jit.cache import get_cache
from tests.faults.pages import Visitor, cache_modes, warnings_in

PATHS = ("/", "/leases/?page=3", "/blog/")


@contextmanager
def mounted(directory, options):
    """A small file system of its own in the directory; the test is skipped where nobody may."""
    directory.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(directory)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("Mounting a file system is not allowed here.")
    try:
        yield directory
    finally:
        subprocess.run(["umount", "--lazy", str(directory)], check=True)


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


@pytest.mark.parametrize("options", ["size=64k", "nr_inodes=4"])
def test_a_file_system_that_is_full(library, tmp_path, options, caplog):
    with mounted(tmp_path / "disk", options) as disk, shared_in(disk / "plans"):
        visitor = Visitor()
        visitor.visits(20)
        assert "No space left on device" in check_local_plans(visitor, caplog)
        stored = sorted((disk / "plans").iterdir())
        assert all(json.loads(path.read_bytes()) for path in stored if path.suffix == ".json")
        assert not [path for path in stored if path.suffix not in (".json", ".claim")]


def test_a_file_system_that_is_read_only(library, tmp_path, caplog):
    with mounted(tmp_path / "disk", "size=1m") as disk, shared_in(disk / "plans"):
        visitor = Visitor()
        number = next(visitor.numbers)
        visitor.visit(number)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        get_cache().forget()
        assert cache_modes([visitor.visit(number)]) == ["hit"]
        assert "Read-only file system" in check_local_plans(visitor, caplog)


def test_a_process_that_may_write_no_file(site, tmp_path):
    """What a quota does; unlike a full file system, it needs no mount."""
    config = {"JIT_CACHE_BACKEND": "filesystem", "JIT_CACHE_DIR": str(tmp_path / "plans")}
    asked = json.dumps({"config": config, "longest_file": 100})
    told = json.loads(site.run("-m", "tests.faults.visiting", asked, *PATHS))
    visited = site.visit(*PATHS, engine="django")
    assert told["bodies"] == {path: visited[path]["body"] for path in PATHS}
    assert told["errors"] > 0 and len(told["warnings"]) == 1
    assert "File too large" in told["warnings"][0]
    assert not list((tmp_path / "plans").glob("*.json"))


def test_a_directory_that_is_none(library, tmp_path, caplog):
    (tmp_path / "plans").write_text("a file")
    with shared_in(tmp_path / "plans"):
        check_local_plans(Visitor(), caplog)


def test_a_directory_that_goes_and_comes_back(library, tmp_path):
    plans = tmp_path / "plans"
    with shared_in(plans):
        visitor = Visitor()
        visitor.visits(3)
        plans.rename(tmp_path / "elsewhere")
        assert "error" not in cache_modes(visitor.visits(3))
        assert len(list(plans.glob("*.json"))) == 3


@pytest.mark.parametrize("text", [b"", b"\0" * 500, b"[" * 100_000, b"null", b'{"format": 1}'])
def test_files_that_were_spoilt(library, tmp_path, text, caplog):
    with shared_in(tmp_path):
        visitor = Visitor()
        visitor.visits(5)
        for path in tmp_path.glob("*.json"):
            path.write_bytes(text)
        get_cache().forget()
        assert cache_modes([visitor.visit(number) for number in range(5)]).count("miss") == 5
        assert get_cache().stats().rejected >= 5
        assert len(warnings_in(caplog)) == 1
