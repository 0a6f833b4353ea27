"""The filter `truncatechars`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("truncatechars", "5", "1", "0", "-2", "100", '"x"', "nothing")
