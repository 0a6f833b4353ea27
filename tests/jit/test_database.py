"""The database of the run is the one that was asked for."""

import os

from django.db import connection


def test_the_tests_run_where_the_environment_says(db: None) -> None:
    asked = os.environ.get("DJUST_DATABASE", "sqlite").partition(":")[0]
    assert connection.vendor == asked
