"""tests/pitfalls.md names tests that exist, for every trap of its five parts."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = (TESTS / "pitfalls.md").read_text()
ROWS = re.findall(r"^\| ([A-E]\d+) \| .* \| (.*) \|$", TABLE, re.M)
COUNTS = {"A": 53, "B": 11, "C": 32, "D": 52, "E": 50}


def test_every_trap_has_a_row():
    numbers = [number for number, _ in ROWS]
    assert numbers == [f"{part}{n}" for part, last in COUNTS.items() for n in range(1, last + 1)]


def test_every_row_names_tests_that_exist():
    for number, held in ROWS:
        named = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", held)
        assert named or held.startswith("none: "), number
        for path, test in named:
            text = (TESTS / path).read_text()
            assert f"def {test}(" in text if test else "def test_" in text, (number, path, test)
