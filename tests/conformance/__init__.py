"""Django's own template tests, run against the backend.

sources (Django's tests) -> runner (adapter, reporting) -> outcome (comparison) -> pytest.
"""
