"""The filter `stringformat`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("stringformat", '"s"', '"03d"', '"E"', '".2f"', '"%"', '"r"', '""', "1", "other")
