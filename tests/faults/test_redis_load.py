"""The load script runs: no page goes wrong while Redis is killed and started again.

It needs a PostgreSQL, too, which the tox environments ``servers-…`` have.
"""

import os
import re

import pytest


@pytest.mark.skipif(
    not os.environ.get("DJUST_DATABASE"), reason="The load script serves over PostgreSQL."
)
def test_the_load_script_serves_without_errors(site):
    printed = site.run("-m", "benchmarks.load", "--seconds", "3", "--servers", "gthread")
    rows = re.findall(r"^(D\w+.*?) {2,}[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ +(\d+) ", printed, re.M)
    assert [name for name, _ in rows] == ["Django, naive view", "Django, tuned by hand"]
    (errors,) = re.findall(r"^djust_engine, naive view +(?:[\d.]+ +){4}(\d+) ", printed, re.M)
    assert errors == "0"
