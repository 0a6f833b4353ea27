"""The app: what `django.setup()` loads with it."""

import subprocess
import sys

import pytest

LOADED = """
import sys
from django.conf import settings
settings.configure(INSTALLED_APPS=["djust_engine"], TEMPLATES={templates})
import django
django.setup()
print("djust_engine.backends.django" in sys.modules)
"""
OURS = {"BACKEND": "djust_engine.backends.django.DjustTemplates"}
DJANGO = {"BACKEND": "django.template.backends.django.DjangoTemplates"}


@pytest.mark.parametrize(
    ("templates", "is_loaded"),
    [([OURS], True), ([DJANGO, OURS], True), ([DJANGO], False), ([], False)],
)
def test_the_engine_is_loaded_where_it_is_named(templates, is_loaded):
    program = LOADED.format(templates=templates)
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert output.stdout == f"{is_loaded}\n", output.stderr


@pytest.mark.parametrize("templates", ["None", "7", "[7]", "[{}]", "[{'BACKEND': None}]"])
def test_wrong_settings_are_left_to_django(templates):
    program = LOADED.format(templates=templates)
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert output.stdout == "False\n", output.stderr


def test_a_page_without_models_loads_nothing_of_the_pipeline():
    program = """
import sys
from types import SimpleNamespace as Plain
from django.conf import settings
settings.configure(TEMPLATES=[{"BACKEND": "djust_engine.backends.django.DjustTemplates"}])
import django
django.setup()
from django.template import engines
loop = "{% for a in l %}{{ a.b.c }}{{ a.d }}{% for t in a.t %}{{ t }}{% endfor %}{% endfor %}"
source = loop + "{{ n.b.c }}"
one = Plain(b=Plain(c=1), d=2.5, t=("x", "y"))
print(engines["django"].from_string(source).render({"l": [one, one], "n": {"b": {"c": "<"}}}))
print([name for name in sys.modules if name.startswith("djust_engine.jit")])
"""
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert output.stdout == "12.5xy12.5xy&lt;\n[]\n", output.stderr
