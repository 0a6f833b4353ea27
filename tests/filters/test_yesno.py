"""The filter `yesno`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("yesno", "", '"a,b"', '"a,b,c"', '"a"', '"<,>,&"', "other", "number")
