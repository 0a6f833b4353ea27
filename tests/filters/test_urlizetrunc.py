"""The filter `urlizetrunc`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("urlizetrunc", "10", "0", "200", '"x"')
