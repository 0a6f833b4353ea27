"""Third-party packages as they are installed, rendered by both backends: the same pages."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .render import GROUPS

BACKENDS = {
    "django": "django.template.backends.django.DjangoTemplates",
    "ours": "djust_engine.backends.django.DjustTemplates",
}
PACKAGES = [(group, package) for group, packages in GROUPS.items() for package in packages]


def rendered(group: str, backend: str, directory: Path) -> dict:
    """What `render.py` found in a process of its own, where warnings are errors."""
    target = directory / f"{group}-{backend}.json"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.thirdparty.settings",
        "THIRDPARTY_BACKEND": BACKENDS[backend],
        "THIRDPARTY_FILES": str(directory / "files"),
        "THIRDPARTY_GROUP": group,
    }
    command = [sys.executable, "-W", "error", "-m", "tests.thirdparty.render", str(target)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(target.read_text())


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict:
    directory = tmp_path_factory.mktemp("thirdparty")
    return {
        (group, backend): rendered(group, backend, directory)
        for group in GROUPS
        for backend in BACKENDS
    }


@pytest.mark.parametrize(("group", "package"), PACKAGES)
def test_a_package_gives_the_same_pages(outcomes, group, package):
    django, ours = (outcomes[group, backend][package] for backend in BACKENDS)
    for title, case in django.items():
        found = ours[title]["renders"]
        for (text, queries), (our_text, our_queries) in zip(case["renders"], found, strict=True):
            assert our_text == text, title
            assert our_queries <= queries, title


@pytest.mark.parametrize("package", GROUPS["guests"])
def test_no_template_of_a_package_is_left_to_django(outcomes, package):
    cases = outcomes["guests", "ours"][package].values()
    assert [case["not_native"] for case in cases if case["not_native"]] == []


@pytest.mark.parametrize("package", ["components", "cotton"])
def test_django_renders_where_its_classes_are_patched(outcomes, package):
    cases = outcomes[package, "ours"][package].values()
    assert {code for case in cases for _, code in case["not_native"]} == {"patched"}
