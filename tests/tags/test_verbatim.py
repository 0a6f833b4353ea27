"""`{% verbatim %}`."""

import pytest

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    "{% verbatim %}{{ a }}{% if %}{# x #}{% endverbatim %}{{ a }}",
    "{% verbatim name %}{% endverbatim %}{% verbatim %}{% endverbatim name %}{{ a }}",
    "{%verbatim%}{{ a }}{%endverbatim%}",
    "{% verbatim  %}{{ a }}{%   endverbatim %}",
    "{% verbatim a b %}{{ a }}{% endverbatim a b %}",
    "{% if a %}{% verbatim %}{% endif %}{% endverbatim %}{% endif %}",
    "{% verbatim %}\n{{ a }}\n{% endverbatim %}\n{{ a }}",
    "{% verbatim %}{% endverbatim %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_verbatim(source):
    assert_same(source, {"a": "<1>"})


@pytest.mark.parametrize(
    "source",
    [
        "{% verbatim %}{{ a }}",
        "{% verbatim name %}{{ a }}{% endverbatim %}",
        "{% endverbatim %}",
        "{% verbatim %}{% endverbatim x %}{{ }}",
    ],
)
def test_malformed(source):
    assert_same_error(source)
