"""`{% blocktrans %}`: the older name of `{% blocktranslate %}`."""

import pytest
from django.utils import translation

from tests.oracle import assert_same, assert_same_error


@pytest.mark.parametrize("language", ["en", "de"])
def test_blocktrans(language):
    source = (
        "{% load i18n %}{% blocktrans with x=a %}Home {{ x }}{% endblocktrans %}"
        "{% blocktrans count n=n %}{{ n }} a{% plural %}{{ n }} b{% endblocktrans %}"
    )
    with translation.override(language):
        assert_same(source, {"a": "<Home>", "n": 2})


@pytest.mark.parametrize(
    "source",
    [
        "{% blocktrans %}a{% endblocktranslate %}",
        "{% blocktrans count n='x' %}a{% plural %}b{% endblocktrans %}",
        "{% blocktrans %}{% if a %}{% endblocktrans %}",
    ],
)
def test_failures(source):
    assert_same_error("{% load i18n %}" + source)
