"""The filter `truncatewords`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("truncatewords", "2", "0", "-1", "100", '"x"', "nothing")
