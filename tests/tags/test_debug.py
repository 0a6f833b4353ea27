"""`{% debug %}`."""

from django.test import override_settings

from tests.oracle import assert_same, assert_same_error


def test_debug():
    assert_same("{% debug %}", {"a": "<a>"})


@override_settings(DEBUG=True)
def test_debug_shows_the_context():
    source = "{% for i in l %}{% with b=i %}{% debug %}{% endwith %}{% endfor %}"
    assert_same(source, {"a": "<a>", "l": [1]})


@override_settings(DEBUG=True)
def test_what_fails_while_it_is_shown():
    assert_same_error("\n{% with b=1 %}{% debug %}{% endwith %}", {"faulty": Silent()})


class Silent:
    def __repr__(self):
        raise ValueError("no text")
