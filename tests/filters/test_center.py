"""The filter `center`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("center", "15", "0", "-3", "text", '"x"', "nothing")
