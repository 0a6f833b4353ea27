"""The extension module under test: where it came from, and that the package imports alone."""

import subprocess
import sys
from pathlib import Path

import djust_engine
from djust_engine import _native


def test_native_comes_from_a_compiled_module(capsys):
    with capsys.disabled():
        print(f"\ndjust_engine._native: {_native.__file__}")
    assert Path(_native.__file__).suffix in {".so", ".pyd"}


def test_the_package_imports_before_settings():
    program = "import djust_engine, sys; print(djust_engine.__version__, 'django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [djust_engine.__version__, "False"]


def test_public_names_are_found_when_first_used():
    for name in djust_engine.__all__:
        assert getattr(djust_engine, name) is not None
        assert name in dir(djust_engine)


def test_an_unknown_public_name_is_an_attribute_error():
    assert not hasattr(djust_engine, "unknown")
