"""The filter `get_digit`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("get_digit", "1", "2", "0", "-1", "30", '"x"', "nothing")
