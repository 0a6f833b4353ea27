"""Sphinx: ``sphinx-build -W docs build/docs``. The pages are Markdown (MyST)."""

import re
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_PACKAGE = (_ROOT / "djust_engine" / "__init__.py").read_text(encoding="utf-8")

project = "djust_engine"
author = "the djust_engine developers"
release = re.search(r'__version__ = "(.+?)"', _PACKAGE)[1]
version = release

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["build"]
nitpicky = True

html_theme = "furo"
html_title = f"djust_engine {release}"
