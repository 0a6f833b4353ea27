"""System checks of what stands beside the engine, and an extension of another version."""

import shutil
import subprocess
import sys
from pathlib import Path

import django
import pytest
from django.core.checks import run_checks

import djust_engine
from djust_engine import _native
from djust_engine.checks import PANEL
from tests.settings import INSTALLED_APPS, OURS


def warnings():
    return {one.id: one for one in run_checks(tags=["templates"]) if "djust_engine.W" in one.id}


def test_nothing_is_wrong_here():
    assert warnings() == {}


@pytest.mark.parametrize(
    ("installed", "told"),
    [
        (["djust_engine"], "INSTALLED_APPS has no 'debug_toolbar'"),
        ([], "INSTALLED_APPS has no 'djust_engine'"),
    ],
)
def test_the_panel_needs_its_apps(settings, installed, told):
    from djust_engine.checks import check_surroundings

    settings.DEBUG_TOOLBAR_PANELS = [PANEL]
    others = [app for app in INSTALLED_APPS if app not in ("debug_toolbar", "djust_engine")]
    settings.INSTALLED_APPS = [*others, *installed]
    found = check_surroundings()
    assert {one.id for one in found} == {"djust_engine.W001"}
    assert any(told in one.msg for one in found) and all(one.hint for one in found)


def test_two_engines_of_ours_are_told(settings):
    settings.TEMPLATES = [OURS, {**OURS, "NAME": "second"}]
    assert "2 engines" in warnings()["djust_engine.W002"].msg


@pytest.mark.parametrize("version", [(5, 1, 0, "final", 0), (6, 2, 0, "final", 0)])
def test_a_django_that_was_not_tested_is_told(monkeypatch, version):
    monkeypatch.setattr(django, "VERSION", version)
    assert "was not tested with Django" in warnings()["djust_engine.W003"].msg


def test_an_extension_of_another_version_refuses_to_load(tmp_path):
    package = tmp_path / "djust_engine"
    package.mkdir()
    shutil.copy(_native.__file__, package)
    (package / "__init__.py").write_text('__version__ = "99.0"\n')
    done = subprocess.run(
        [sys.executable, "-c", "import djust_engine._native"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": str(Path(sys.executable).parent)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    told = f"is of version {djust_engine.__version__}, the package djust_engine of 99.0"
    assert told in done.stderr and "ImportError" in done.stderr
