"""`{% debug %}`."""

from django.test import override_settings

from tests.oracle import assert_same


def test_debug():
    assert_same("{% debug %}", {"a": "<a>"})


@override_settings(DEBUG=True)
def test_debug_shows_the_context():
    source = "{% for i in l %}{% with b=i %}{% debug %}{% endwith %}{% endfor %}"
    assert_same(source, {"a": "<a>", "l": [1]})
