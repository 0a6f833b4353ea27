"""The filter `default_if_none`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("default_if_none", '"x"', '"<b>"', "other", "nothing")
