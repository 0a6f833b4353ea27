"""The sample site in a real browser: ``scripts/with-chromium python -m pytest tests/browser``."""
