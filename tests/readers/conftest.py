"""The library of the pipeline's tests."""

from tests.jit.conftest import library

__all__ = ["library"]
