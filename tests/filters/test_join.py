"""The filter `join`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("join", '", "', '"<br>"', "other", "safe_text", "number")
