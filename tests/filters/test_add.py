"""The filter `add`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("add", "2", '"2"', '"<i>"', "other", "nothing", "safe_text", "1.5", "value")
