"""One file a builtin tag: Django's engine is the oracle."""
