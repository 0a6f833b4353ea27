"""The filter `truncatewords_html`."""

from tests.filters.values import assert_filter


def test_every_kind_of_value():
    assert_filter("truncatewords_html", "2", "0", "100", '"x"')
