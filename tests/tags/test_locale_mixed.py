"""Random mixtures of the tags and filters of i18n, l10n and tz, each inside the others."""

import random
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from tests.oracle import CONFIGURATIONS, assert_same
from tests.tags.catalog import messages

CASES = 150
LANGUAGES = ["en", "de", "fr", "ar", "hi", "de-ch", None]
ZONES = ["UTC", "Asia/Tokyo", "America/New_York", None]
VALUES = {
    "a": "Home",
    "b": "<b>100% %(a)s</b>",
    "safe": mark_safe("<i>x</i>"),
    "lazy": gettext_lazy("Home"),
    "n": 1234567,
    "one": 1,
    "f": -1234.5,
    "money": Decimal("99999.90"),
    "day": date(2024, 2, 29),
    "moment": datetime(2024, 10, 27, 0, 30, 5, tzinfo=UTC),
    "naive": datetime(2024, 3, 31, 2, 30),
    "at": time(12, 0),
    "none": None,
    "list": ["Home", 3, datetime(2024, 1, 1, tzinfo=ZoneInfo("Asia/Tokyo"))],
}
NAMES = [*VALUES, "missing", "a.b"]
FILTERS = [
    "", "", "|upper", "|default:_('Home')", "|date", "|date:'D j N, P'", "|time", "|localize",
    "|unlocalize", "|localtime", "|utc", "|timezone:'Asia/Tokyo'", "|floatformat:1", "|add:1",
    "|date:'e T O'", "|timesince:moment", "|timeuntil:naive", "|safe", "|length", "|language_name",
    "|intcomma", "|stringformat:'s'",
]  # fmt: skip


class Mixture:
    """Templates by chance."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one_of(self, choices):
        return self.random.choice(choices)

    def value(self) -> str:
        head = self.one_of([*NAMES, "_('Home')", "'Home'", "_('100% <b>')", "1234.5", "-7"])
        return head + self.one_of(FILTERS)

    def words(self) -> str:
        pieces = ["Home", " ", "100%", "%", "<b>", "\n  ", "{{ a }}", "{{ n }}", "{{ v }}", "é"]
        pieces += [f"{{{{ {self.one_of(NAMES)} }}}}"]
        return "".join(self.one_of(pieces) for _ in range(self.random.randint(0, 5)))

    def translate(self, depth: int) -> str:
        options = [
            "",
            " noop",
            " as v",
            " context 'abbrev. month'",
            f" context {self.one_of(NAMES)}",
        ]
        value = self.one_of(["'Home'", "'May'", "'100% \\'x\\''", self.value()])
        return f"{{% translate {value}{self.one_of(options)} %}}{{{{ v }}}}"

    def block_translate(self, depth: int) -> str:
        tag = self.one_of(["blocktranslate", "blocktrans"])
        options = [f"with v={self.value()} a={self.value()}", "trimmed", "asvar v", "context a"]
        chosen = self.random.sample(options, self.random.randint(0, 3))
        body = self.words()
        if self.random.random() < 0.4:
            chosen.insert(0, f"count n={self.one_of(['n', 'one', 'f', 'list|length', 'a'])}")
            body += "{% plural %}" + self.words()
        return f"{{% {tag} {' '.join(chosen)} %}}{body}{{% end{tag} %}}{{{{ v }}}}"

    def around(self, depth: int) -> str:
        tag, argument = self.one_of(
            [
                ("language", repr(self.one_of(LANGUAGES))),
                ("timezone", repr(self.one_of(ZONES))),
                ("localize", self.one_of(["on", "off"])),
                ("localtime", self.one_of(["on", "off"])),
                ("autoescape", self.one_of(["on", "off"])),
                ("with", f"v={self.value()}"),
                ("for", "v in list"),
            ]
        )
        return f"{{% {tag} {argument} %}}{self.template(depth - 1)}{{% end{tag} %}}"

    def fact(self, depth: int) -> str:
        names = ["language", "language_bidi", "timezone"]
        return f"{{% get_current_{self.one_of(names)} as v %}}{{{{ v }}}}"

    def printed(self, depth: int) -> str:
        return f"{{{{ {self.value()} }}}}"

    def template(self, depth: int) -> str:
        parts = [self.printed, self.printed, self.translate, self.block_translate, self.fact]
        parts += [self.around] * 3 if depth else []
        return "|".join(self.one_of(parts)(depth) for _ in range(self.random.randint(1, 4)))


def assert_mixture(seed: int) -> None:
    mixture = Mixture(seed)
    source = "{% load i18n l10n tz humanize %}" + mixture.template(3)
    settings = {
        "USE_THOUSAND_SEPARATOR": mixture.one_of([True, False]),
        "USE_TZ": mixture.one_of([True, True, False]),
    }
    language, zone = mixture.one_of(LANGUAGES), mixture.one_of(ZONES)
    configurations = mixture.random.sample(CONFIGURATIONS, 2)
    with override_settings(**settings), translation.override(language), timezone.override(zone):
        assert_same(source, lambda: dict(VALUES), configurations=configurations)


@pytest.fixture(autouse=True)
def catalog():
    with messages():
        yield


@pytest.mark.parametrize("start", range(0, CASES, 10))
def test_mixtures(start):
    for seed in range(start, start + 10):
        assert_mixture(seed)
