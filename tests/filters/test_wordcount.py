"""The filter `wordcount`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("wordcount")
