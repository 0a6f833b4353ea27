"""`{% trans %}`: the older name of `{% translate %}`."""

import pytest
from django.utils import translation

from tests.oracle import assert_same, assert_same_error


@pytest.mark.parametrize("language", ["en", "de"])
def test_trans(language):
    source = (
        "{% load i18n %}{% trans 'Home' %}{% trans a noop %}{% trans a context 'b' as c %}{{ c }}"
    )
    with translation.override(language):
        assert_same(source, {"a": "<Home>"})


@pytest.mark.parametrize("source", ["trans", "trans 'a' trans", "trans 'a' as"])
def test_malformed(source):
    assert_same_error("{% load i18n %}{% " + source + " %}")
