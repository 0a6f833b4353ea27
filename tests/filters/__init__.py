"""One file a builtin filter: Django's engine is the oracle."""
