"""`{% get_language_info %}`."""

import pytest
from django.utils import translation

from tests.oracle import assert_same, assert_same_error

SHOWN = "{{ i.code }} {{ i.name }} {{ i.name_local }} {{ i.name_translated }} {{ i.bidi|yesno }}"


@pytest.mark.parametrize(
    "word", ["'de'", "'ar'", "code", "'pt-br'", "'de-xx'", "'zh-cn'", "'DE'|lower"]
)
@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_get_language_info(word, language):
    source = f"{{% load i18n %}}{{% get_language_info for {word} as i %}}{SHOWN}"
    with translation.override(language):
        assert_same(source, {"code": "he"})


@pytest.mark.parametrize(
    "source",
    [
        "get_language_info",
        "get_language_info for 'de'",
        "get_language_info of 'de' as i",
        "get_language_info for 'de' in i",
        "get_language_info for 'de' as i j",
        "get_language_info for a|nosuch as i",
        "get_language_info for 'xx' as i",
        "get_language_info for 'xx-yy' as i",
        "get_language_info for missing as i",
        "get_language_info for 5 as i",
        "get_language_info for list as i",
    ],
)
def test_failures(source):
    assert_same_error("{% load i18n %}{% " + source + " %}", {"list": []})
