"""The filter `dictsort`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter(
        "dictsort", '"name"', '"place.city"', '"age"', "0", "1", '"missing"', '"_x"', "nothing"
    )
