"""The filter `json_script`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("json_script", "", '"an-id"', '"<id>"', "nothing")
