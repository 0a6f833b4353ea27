"""A directory of plans that is gone, spoilt or closed: pages are Django's all the same."""

import json

import pytest

from djust_engine.jit.cache import get_cache
from tests.faults.files import check_local_plans, shared_in
from tests.faults.pages import Visitor, cache_modes, warnings_in

PATHS = ("/", "/leases/?page=3", "/blog/")


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
