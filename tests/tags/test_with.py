"""`{% with %}`."""

import pytest

from tests.oracle import assert_same, assert_same_error
from tests.tags.objects import make_objects

SOURCES = [
    "{% with a=1 %}{{ a }}{% endwith %}{{ a }}",
    "{% with a=text b=number %}{{ a }}{{ b }}{% endwith %}",
    "{% with text as a %}{{ a }}{% endwith %}",
    "{% with text|upper as a %}{{ a }}{% endwith %}",
    "{% with a=text|upper|lower b='x y' %}{{ a }}{{ b }}{% endwith %}",
    "{% with a=1 b=a %}[{{ b }}]{% endwith %}",
    "{% with text=number number=text %}{{ text }}{{ number }}{% endwith %}{{ text }}",
    "{% with a=missing %}[{{ a }}]{% if a is None %}none{% endif %}{% endwith %}",
    "{% with a=missing.deep|default:'d' %}{{ a }}{% endwith %}",
    "{% with a=person.method %}{{ a }}{{ a }}{% endwith %}",
    "{% with a=person %}{{ a.name }}{{ a.chain.name }}{% endwith %}",
    "{% with a=list %}{% for b in a %}{{ b }}{% endfor %}{% endwith %}",
    "{% with a=1 %}{% with a=2 %}{{ a }}{% endwith %}{{ a }}{% endwith %}",
    "{% with a=1 %}{% now 'Y' as a %}{% firstof a %}{% endwith %}{{ a }}",
    "{% with a=person.loud %}{{ a }}{% endwith %}",
    "{% with a=person.silent %}[{{ a }}]{% endwith %}",
    "{% with a=person.delete %}[{{ a }}]{% endwith %}",
    "{% with a=broken %}{% endwith %}",
    "{% with a=_('Home') %}{{ a }}{% endwith %}",
    "{% with forloop=1 block=2 %}{{ forloop }}{{ block }}{% endwith %}",
    "{% with True=0 %}{{ True }}{% endwith %}{{ True }}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_with(source):
    assert_same(source, make_objects)


@pytest.mark.parametrize(
    "source",
    [
        "{% with %}{% endwith %}",
        "{% with a %}{% endwith %}",
        "{% with a b %}{% endwith %}",
        "{% with a=1 b %}{% endwith %}",
        "{% with a as %}{% endwith %}",
        "{% with a=1 as b %}{% endwith %}",
        "{% with a = 1 %}{% endwith %}",
        "{% with a=1 %}",
        "{% with a=b|nope %}{% endwith %}",
        "{% with text as a and number as b %}{{ a }}{{ b }}{% endwith %}x{% endwith %}",
        "{% with a=_b %}{% endwith %}",
        "{% endwith %}",
    ],
)
def test_malformed(source):
    assert_same_error(source)
