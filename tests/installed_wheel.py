"""Run by tox in an environment that has the wheel alone, away from the checkout: renders a page."""

from pathlib import Path

import django
from django.conf import settings
from django.template import engines

from djust_engine import _native

CHECKOUT = Path(__file__).resolve().parent.parent
BACKEND = "djust_engine.backends.django.DjustTemplates"


def main() -> None:
    assert CHECKOUT / "djust_engine" not in Path(_native.__file__).parents, _native.__file__
    settings.configure(INSTALLED_APPS=["djust_engine"], TEMPLATES=[{"BACKEND": BACKEND}])
    django.setup()
    template = engines["django"].from_string("{% for x in xs %}<{{ x|upper }}>{% endfor %}")
    assert template.explain() == []
    assert template.render({"xs": ["a", "&"]}) == "<A><&amp;>"
    print(f"{_native.__file__} renders")


if __name__ == "__main__":
    main()
