"""The filter `divisibleby`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("divisibleby", "3", "1", "0", '"2"', "other", "nothing")
