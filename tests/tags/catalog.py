"""Messages of the tests, put into Django's own catalogs while a test runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import trans_real

# The language, the message (with its context before \x04, its plural form after), the translation.
MESSAGES: dict[str, dict[Any, str]] = {
    "de": {
        "Hello %(a)s": "Hallo, %(a)s!",
        "Markup & <b>": "Auszeichnung & <b>",
        "100%% sure": "100%% sicher",
        "greeting\x04Hello": "Grüß Gott",
        "greeting\x04Hello %(a)s": "Grüß Gott, %(a)s",
        ("%(n)s item", 0): "%(n)s Ding von %(a)s",
        ("%(n)s item", 1): "%(n)s Dinge von %(a)s",
        ("shop\x04%(n)s item", 0): "%(n)s Artikel",
        ("shop\x04%(n)s item", 1): "%(n)s Artikel im Laden",
        "Two %(a)s and %(b)s": "%(b)s und %(a)s, zweimal %(b)s",
        "Unknown %(a)s": "Unbekannt %(nosuch)s",
        "Number %(a)s": "Zahl %(a)d",
        "Cut %(a)s": "Ab %(a",
        "Percent %(a)s": "%(a)s sind 5 %",
        "Wide %(a)s": "[%(a)20s]",
        "One  line %(a)s": "Eine Zeile %(a)s",
        "Lines %(a)s end": "Zeilen %(a)s Ende",
        "Surrogate %(a)s": "Ersatz \ud800 %(a)s",
        "Empty": "",
    },
    "ar": {
        "Hello %(a)s": "مرحبا %(a)s",
        **{("%(n)s item", form): f"%(n)s ({form})" for form in range(6)},
    },
    "fr": {
        "Hello %(a)s": "Bonjour %(a)s",
        "Markup & <b>": "Balises « & » <b>",
    },
}


@contextmanager
def messages() -> Iterator[None]:
    """Have the messages above in the catalogs of Django."""
    kept = {}
    for language, texts in MESSAGES.items():
        catalog = trans_real.translation(language)._catalog._catalogs[0]
        kept[language] = dict(catalog)
        catalog.update(texts)
    try:
        yield
    finally:
        for language, texts in kept.items():
            catalog = trans_real.translation(language)._catalog._catalogs[0]
            catalog.clear()
            catalog.update(texts)
