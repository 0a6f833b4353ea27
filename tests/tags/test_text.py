"""Plain text, and what only looks like a tag."""

import pytest

from tests.oracle import assert_same

SOURCES = [
    "",
    "text",
    " \n\t ",
    "{ { } } {x} %} }} #} {% {{",
    "{{{ a }}}",
    "{{ a }",
    "{ { a } }",
    "{%a b%",
    "{{ a\n}}",
    "{% if\n a %}",
    "{# one\ntwo #}",
    "{#}",
    "{{}",
    "{%}",
    "tab\tand\r\nlines\rand\x00null",
    "café 日本語 👩‍👩‍👧 {{ a }} ünd",
    "\u2028\x85{{ a }}\x0b",
    "<b>&\"'</b>",
    "{{ a }}{{ a }}{{ a }}",
    "{{a}}",
    "{{    a    }}",
    "{{\ta\t}}",
    "{{\xa0a\xa0}}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_text(source):
    assert_same(source, {"a": "<A>"})


def test_lone_surrogates():
    assert_same("\ud800{{ a }}\udfff", {"a": "\ud83d<"}, fallback="surrogates")


def test_a_lazy_source():
    from django.utils.functional import lazystr

    assert_same(lazystr("lazy {{ a }}"), {"a": 1})
