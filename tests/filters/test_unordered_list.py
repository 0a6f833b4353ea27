"""The filter `unordered_list`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("unordered_list")
