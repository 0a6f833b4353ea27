"""`{% templatetag %}`."""

import pytest
from django.template.defaulttags import TemplateTagNode

from tests.oracle import assert_same, assert_same_error


@pytest.mark.parametrize("name", TemplateTagNode.mapping)
def test_templatetag(name):
    assert_same("a{% templatetag NAME %}b".replace("NAME", name))


@pytest.mark.parametrize(
    "source",
    [
        "{% templatetag %}",
        "{% templatetag x %}",
        "{% templatetag openblock closeblock %}",
        "{% templatetag 'openblock' %}",
    ],
)
def test_malformed(source):
    assert_same_error(source)
