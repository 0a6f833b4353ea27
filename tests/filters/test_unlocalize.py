"""The filter `unlocalize`."""

import pytest
from django.test import override_settings

from tests.filters.values import NUMBERS, TIMES, VALUES, assert_filter

LIBRARY = "django.templatetags.l10n"


def test_every_kind_of_value():
    assert_filter("unlocalize", values=VALUES, library=LIBRARY)


@pytest.mark.parametrize("grouped", [False, True])
def test_other_languages(grouped):
    with override_settings(USE_THOUSAND_SEPARATOR=grouped):
        values = {**NUMBERS, **TIMES}
        assert_filter("unlocalize", values=values, languages=["de", "fr", "hi"], library=LIBRARY)
