"""The filter `truncatechars_html`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("truncatechars_html", "5", "0", "100", '"x"')
