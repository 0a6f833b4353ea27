"""The system check that recommends the form renderer."""

import pytest
from django.core.checks import INFO, run_checks

from tests.settings import ORACLE, OURS

DEFAULT = "django.forms.renderers.DjangoTemplates"


def recommendations():
    return [one for one in run_checks(tags=["templates"]) if one.id == "djust_engine.I001"]


def test_the_default_renderer_is_no_match_for_ours(settings):
    settings.FORM_RENDERER = DEFAULT
    settings.TEMPLATES = [OURS, {**OURS, "NAME": "second"}, ORACLE]
    (found,) = recommendations()
    assert found.level == INFO
    assert "whatever TEMPLATES says" in found.msg
    assert "FORM_RENDERER = 'djust_engine.DjustFormRenderer'" in found.hint


def test_a_project_that_changed_the_backend_alone_has_the_checks_of_django(settings):
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "djust_engine"]
    settings.FORM_RENDERER = DEFAULT
    settings.TEMPLATES = [ORACLE]
    found = run_checks(tags=["templates"])
    settings.TEMPLATES = [OURS]
    assert run_checks(tags=["templates"]) == found


@pytest.mark.parametrize(
    "renderer",
    [
        "djust_engine.DjustFormRenderer",
        "djust_engine.renderers.DjustFormRenderer",
        "django.forms.renderers.TemplatesSetting",
        "django.forms.renderers.Jinja2",
        "tests.product.test_renderers.OwnDjustRenderer",
    ],
)
def test_a_renderer_that_was_chosen_is_left_alone(settings, renderer):
    settings.FORM_RENDERER = renderer
    assert recommendations() == []


def test_a_project_with_django_s_engine_alone_is_left_alone(settings):
    settings.FORM_RENDERER = DEFAULT
    settings.TEMPLATES = [ORACLE]
    assert recommendations() == []
