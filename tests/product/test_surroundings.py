"""System checks of what stands beside the engine, and an extension of another version."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import django
import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.template import engines

import djust_engine
from djust_engine import _native
from djust_engine.checks import PANEL
from tests.settings import INSTALLED_APPS, OURS


def warnings():
    return {one.id: one for one in run_checks(tags=["templates"]) if "djust_engine.W" in one.id}


@pytest.fixture
def named_panel(monkeypatch):
    """No signal tells of it: the toolbar, where a test imported it, would look for its models."""
    monkeypatch.setattr(django_settings, "DEBUG_TOOLBAR_PANELS", [PANEL], raising=False)


def test_nothing_is_wrong_here():
    assert warnings() == {}


@pytest.mark.parametrize(
    ("installed", "told"),
    [
        (["djust_engine"], "INSTALLED_APPS has no 'debug_toolbar'"),
        ([], "INSTALLED_APPS has no 'djust_engine'"),
    ],
)
def test_the_panel_needs_its_apps(settings, named_panel, installed, told):
    from djust_engine.checks import check_surroundings

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


def test_the_panel_is_looked_at_without_our_app(settings, named_panel):
    settings.INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "djust_engine"]
    settings.TEMPLATES = [OURS, {**OURS, "NAME": "second"}]
    found = [one for engine in engines.all() for one in engine.check()]
    panel = [one.msg for one in found if one.id == "djust_engine.W001"]
    assert sum("has no 'djust_engine'" in message for message in panel) == 1
    assert [one.id for one in found].count("djust_engine.W002") == 1


def test_an_extension_older_than_its_source_is_told(tmp_path, monkeypatch):
    (tmp_path / "djust_engine").mkdir()
    source = tmp_path / "native" / "lib.rs"
    source.parent.mkdir()
    source.touch()
    monkeypatch.setattr("djust_engine.checks.__file__", str(tmp_path / "djust_engine" / "c.py"))
    found = warnings()["djust_engine.W004"]
    assert "older than its source" in found.msg and "make build" in found.hint
    os.utime(source, (0, 0))
    assert warnings() == {}


def test_the_name_of_django_s_backend_in_our_module_is_an_error(settings):
    settings.TEMPLATES = [{**OURS, "BACKEND": "djust_engine.backends.django.DjangoTemplates"}]
    with pytest.raises(ImportError, match='does not define a "DjangoTemplates"'):
        engines.all()


@pytest.mark.parametrize("wanted", ["_native", "extract_template_variables", "DjustTemplates"])
def test_a_package_without_its_extension_says_so(tmp_path, wanted):
    ignored = shutil.ignore_patterns("_native.c*", "__pycache__")
    shutil.copytree(Path(djust_engine.__file__).parent, tmp_path / "djust_engine", ignore=ignored)
    done = run_without_checkout(tmp_path, f"from djust_engine import {wanted}")
    assert done.returncode == 1
    assert "ImportError: djust_engine is here without its extension" in done.stderr
    assert "make build" in done.stderr


def run_without_checkout(directory, code):
    """Run code in an interpreter that finds our package in ``directory``."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=directory,
        env={"PYTHONPATH": str(directory), "PATH": str(Path(sys.executable).parent)},
        capture_output=True,
        text=True,
    )


def test_an_extension_of_another_version_refuses_to_load(tmp_path):
    package = tmp_path / "djust_engine"
    package.mkdir()
    shutil.copy(_native.__file__, package)
    (package / "__init__.py").write_text('__version__ = "99.0"\n')
    done = run_without_checkout(tmp_path, "import djust_engine._native")
    assert done.returncode == 1
    told = f"is of version {djust_engine.__version__}, the package djust_engine of 99.0"
    assert told in done.stderr and "ImportError" in done.stderr
