"""The filter `slice`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter(
        "slice",
        '":2"',
        '"1:"',
        '"::2"',
        '"-1:"',
        '"::-1"',
        '"::0"',
        '"1"',
        '"a"',
        "1",
        "nothing",
        '""',
        '"1:2:3:4"',
    )
