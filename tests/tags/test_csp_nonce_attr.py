"""`{% csp_nonce_attr %}`, which Django has since 6.1."""

import django
import pytest
from django.forms import Media
from django.template import engines

from tests.oracle import assert_same, assert_same_error

pytestmark = pytest.mark.skipif(django.VERSION < (6, 1), reason="Django 6.1 brought it")


@pytest.mark.parametrize(
    "source",
    [
        "<script {% csp_nonce_attr %}>",
        "{% csp_nonce_attr media %}{% csp_nonce_attr media=media %}{% csp_nonce_attr None %}",
        "{% with csp_nonce='<own>' %}{% csp_nonce_attr %}{% csp_nonce_attr media %}{% endwith %}",
        "{% csp_nonce_attr as n %}[{{ n }}]{% for i in 'ab' %}{% csp_nonce_attr %}{% endfor %}",
    ],
)
def test_the_attribute(source):
    media = Media(js=["a.js"], css={"all": ["b.css"]})
    assert_same(source, {"media": media})
    assert_same(source, {"media": media, "csp_nonce": "n&n"})


def test_wrong_arguments():
    assert_same_error("{% csp_nonce_attr 1 2 %}")
    assert_same_error("\n{% csp_nonce_attr 1 %}")


def test_it_is_native():
    assert engines["django"].from_string("{% csp_nonce_attr %}").explain() == []
