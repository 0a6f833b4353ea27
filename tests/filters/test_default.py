"""The filter `default`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("default", '"x"', '"<b>"', "other", "nothing", "0")
