"""The sample site, as its own tests have it."""

from tests.sample_site.conftest import site

__all__ = ["site"]
