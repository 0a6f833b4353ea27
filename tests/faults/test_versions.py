"""Two versions of the package over one store, as during a rolling deploy."""

import json

import pytest

PATHS = ("/", "/leases/?page=3", "/blog/", "/people/mina/")


@pytest.fixture
def visit(site):
    """Visits pages in a process whose package is of a version; their bytes are Django's."""
    visited = site.visit(*PATHS, engine="django")
    expected = {path: visited[path]["body"] for path in PATHS}

    def run(config, version):
        asked = json.dumps({"config": {"JIT_CACHE_TIMEOUT": 10.0, **config}, "version": version})
        told = json.loads(site.run("-m", "tests.faults.visiting", asked, *PATHS))
        assert told["bodies"] == expected
        assert (told["errors"], told["rejected"], told["warnings"]) == (0, 0, [])
        return told

    return run


def check_both_share(visit, config):
    """Each version finds what its own processes have left, and none of the other's."""
    for version in ("0.0.1", "0.0.2"):
        assert visit(config, version)["stored"] == 0
    for version in ("0.0.1", "0.0.2", "0.0.1"):
        assert visit(config, version)["stored"] > 3


def test_a_directory_of_two_versions(visit, tmp_path):
    check_both_share(visit, {"JIT_CACHE_BACKEND": "filesystem", "JIT_CACHE_DIR": str(tmp_path)})


def test_entries_that_another_version_left_under_our_keys(visit, site, tmp_path):
    config = {"JIT_CACHE_BACKEND": "filesystem", "JIT_CACHE_DIR": str(tmp_path)}
    visit(config, "0.0.1")
    for path in tmp_path.glob("*.json"):
        path.write_text(path.read_text().replace('"engine": "0.0.1"', '"engine": "0.0.2"'))
    asked = json.dumps({"config": {**config, "JIT_CACHE_TIMEOUT": 10.0}, "version": "0.0.1"})
    told = json.loads(site.run("-m", "tests.faults.visiting", asked, *PATHS))
    assert told["rejected"] > 3 and told["stored"] == 0 and told["errors"] == 0
    assert len(told["warnings"]) == 1
    visited = site.visit(*PATHS, engine="django")
    assert told["bodies"] == {path: visited[path]["body"] for path in PATHS}
    assert visit(config, "0.0.1")["stored"] > 3
