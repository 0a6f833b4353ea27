"""A file system that is full or read-only: pages are Django's all the same.

Collected where file systems may be mounted; `test_files` has what needs none.
"""

import json
import subprocess

import pytest

from djust_engine.jit.cache import get_cache
from tests.faults.files import check_local_plans, mounted, shared_in
from tests.faults.pages import Visitor, cache_modes


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
