"""What is installed is what was built: the extension, its version, the public names."""

import re
from importlib import metadata
from pathlib import Path

import pytest

import djust_engine
from djust_engine import _native

ROOT = Path(__file__).resolve().parent.parent


def test_the_extension_lies_in_the_package() -> None:
    assert Path(_native.__file__).parent == Path(djust_engine.__file__).parent


def test_package_extension_and_distribution_have_one_version() -> None:
    manifest = (ROOT / "Cargo.toml").read_text()
    version = re.search(r'^version = "(.+)"$', manifest, re.MULTILINE)
    assert version is not None
    assert djust_engine.__version__ == version[1] == metadata.version("djust-engine")
    assert _native.__version__ == version[1]


@pytest.mark.parametrize("name", djust_engine.__all__)
def test_public_name(name: str) -> None:
    assert getattr(djust_engine, name) is not None
    assert name in dir(djust_engine)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = djust_engine.nothing


def test_the_package_is_typed() -> None:
    package = Path(djust_engine.__file__).parent
    assert (package / "py.typed").exists()
    assert (package / "_native.pyi").exists()
