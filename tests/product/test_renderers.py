"""Forms with our renderer: the bytes of Django's default renderer, from native templates."""

from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import get_default_renderer
from django.template import TemplateDoesNotExist, autoreload, engines
from django.test import RequestFactory, override_settings
from django.utils import translation

from djust_engine import DjustFormRenderer
from djust_engine.backends.django import DjustTemplates
from tests.product.form_cases import FORMS, FORMSETS, VALUES, WIDGETS, EveryField

DJANGO = "django.forms.renderers.DjangoTemplates"
OURS = "djust_engine.DjustFormRenderer"
WAYS = ["__str__", "as_div", "as_p", "as_table", "as_ul"]
LOOP = (
    "{{ form.non_field_errors }}{% for field in form %}{{ field.errors }}{{ field.label_tag }}"
    "{{ field.legend_tag }}{{ field }}{{ field.as_field_group }}{{ field.help_text|safe }}"
    "{% for part in field %}<{{ part.id_for_label }} {{ part.data.label }} {{ part }}>{% endfor %}"
    "{% endfor %}{{ form.media }}{{ form.errors }}{{ form.errors.as_text }}"
)

pytestmark = pytest.mark.django_db


def assert_same_text(print_it: Callable[[], Any]) -> str:
    """Assert that something is printed alike with Django's default renderer and with ours."""
    texts = []
    for renderer in (DJANGO, OURS):
        with override_settings(FORM_RENDERER=renderer):
            texts.append(print_it())
    django, ours = texts
    assert ours == django
    assert type(ours) is type(django)
    return ours


@pytest.fixture
def left_to_django(decisions):
    """Which templates, tags and filters were not native meanwhile."""
    yield lambda: [one for one in decisions if one.mode == "django"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", FORMS)
def test_a_form(name, way, left_to_django):
    text = assert_same_text(lambda: getattr(FORMS[name](), way)())
    assert bool(text) is (name != "empty")
    assert not left_to_django()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", FORMSETS)
def test_a_formset(name, way, left_to_django):
    assert assert_same_text(lambda: getattr(FORMSETS[name](), way)())
    assert not left_to_django()


@pytest.mark.parametrize("engine", ["django", "oracle"])
@pytest.mark.parametrize("name", FORMS)
def test_a_loop_over_fields(name, engine):
    template = engines[engine].from_string(LOOP)
    assert_same_text(lambda: template.render({"form": FORMS[name]()}))


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("name", WIDGETS)
def test_a_widget(name, value, left_to_django):
    def show() -> Any:
        widget = WIDGETS[name]()
        widget.is_localized = True
        many = isinstance(value, list) or value is None
        if name in {"multiple_hidden", "select_multiple", "checkboxes"} and not many:
            return widget.render("n", [value], {"id": "i<d>"})
        return widget.render("n", value, {"id": "i<d>"}, renderer=None)

    def outcome() -> Any:
        try:
            return show()
        except (AttributeError, TypeError, ValueError) as error:
            return f"{type(error)}: {error}"

    assert_same_text(outcome)
    assert not left_to_django()


@pytest.mark.parametrize("language", ["de", "fr", "hi"])
@pytest.mark.parametrize("separator", [True, False])
def test_other_languages(language, separator):
    with translation.override(language), override_settings(USE_THOUSAND_SEPARATOR=separator):
        assert_same_text(lambda: FORMS["bound"]().as_p())
        assert_same_text(lambda: EveryField(initial={"price": 1234567, "age": 1234}).as_div())


@pytest.mark.parametrize("way", ["as_ul", "as_text", "as_json", "as_data"])
def test_errors(way):
    form = FORMS["wrong"]()
    form.add_error(None, ValidationError("All <wrong>", code="all"))
    assert_same_text(lambda: str(getattr(form.errors, way)()))
    assert_same_text(lambda: str(getattr(form.non_field_errors(), way)()))


def test_the_engine_is_ours_and_its_options_are_django_s():
    renderer = DjustFormRenderer()
    theirs = forms.renderers.DjangoTemplates().engine
    assert isinstance(renderer.engine, DjustTemplates)
    assert (renderer.engine.name, renderer.engine.dirs) == (theirs.name, theirs.dirs)
    assert repr(renderer.engine.engine) == repr(theirs.engine)
    assert isinstance(renderer, forms.renderers.DjangoTemplates)


def test_the_names_of_templates_are_django_s():
    ours, theirs = vars(forms.renderers.BaseRenderer), DjustFormRenderer
    names = [
        name for name in ours if name.endswith("_template_name") or name == "bound_field_class"
    ]
    assert len(names) >= 3
    assert {name: getattr(theirs, name) for name in names} == {name: ours[name] for name in names}


class OwnField(forms.BoundField):
    def css_classes(self, extra_classes=None):
        return super().css_classes("own")


class OwnRenderer:
    """What projects define beside either renderer."""

    form_template_name = "django/forms/p.html"
    formset_template_name = "django/forms/formsets/ul.html"
    bound_field_class = OwnField


class OwnDjangoRenderer(OwnRenderer, forms.renderers.DjangoTemplates):
    pass


class OwnDjustRenderer(OwnRenderer, DjustFormRenderer):
    pass


@pytest.mark.parametrize("cases", [FORMS, FORMSETS])
def test_a_renderer_of_a_project(cases):
    for make in cases.values():
        texts = []
        for renderer in (OwnDjangoRenderer, OwnDjustRenderer):
            with override_settings(FORM_RENDERER=f"{__name__}.{renderer.__name__}"):
                texts.append(str(make()))
        assert texts[0] == texts[1]


def test_a_template_that_does_not_exist():
    for renderer in (forms.renderers.DjangoTemplates(), DjustFormRenderer()):
        with pytest.raises(TemplateDoesNotExist) as error:
            renderer.render("nowhere.html", {})
        assert str(error.value) == "nowhere.html"
        assert error.value.backend is renderer.engine
        assert len(error.value.tried) > 1


class Mapping(dict):
    """A dictionary of a class of its own."""


@pytest.mark.parametrize("context", [None, [("a", 1)], "a", {"a": 1}, Mapping({"a": 1})])
@pytest.mark.parametrize("request_made", [None, RequestFactory().get("/")])
@pytest.mark.parametrize("name", ["django/forms/widgets/attrs.html", "nowhere.html", "", None, []])
def test_odd_arguments(name, context, request_made):
    outcomes = []
    for renderer in (forms.renderers.DjangoTemplates(), DjustFormRenderer()):
        for _ in range(2):
            try:
                text = renderer.render(name, context, request_made)
                outcomes.append((text, type(text)))
            except Exception as error:  # whatever Django raises
                outcomes.append((type(error), str(error), getattr(error, "backend", None) is None))
    assert outcomes[:2] == outcomes[2:]


class Lost(forms.TextInput):
    template_name = "lost.html"


def test_a_template_that_is_lost_inside_a_widget(tmp_path, settings):
    """TemplateDoesNotExist names the backend that was asked."""
    (tmp_path / "lost.html").write_text("{% include 'nowhere.html' %}")
    for base in (forms.renderers.DjangoTemplates, DjustFormRenderer):
        renderer = base()
        renderer.engine.engine.dirs.append(tmp_path)
        for _ in range(2):
            with pytest.raises(TemplateDoesNotExist) as error:
                Lost().render("a", "b", renderer=renderer)
            assert error.value.backend is renderer.engine
            assert isinstance(error.value.__cause__, TemplateDoesNotExist)
            assert error.value.args == ("nowhere.html",)


def test_a_renderer_with_templates_of_its_own():
    class Own(DjustFormRenderer):
        def get_template(self, template_name):
            return engines["django"].from_string("[{{ widget.name }}] ")

    assert forms.TextInput().render("a", 1, renderer=Own()) == "[a]"


def test_templates_setting_renders_through_the_first_engine(settings, decisions):
    settings.INSTALLED_APPS = ["django.forms", *settings.INSTALLED_APPS]
    settings.FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
    text = FORMS["bound"]().as_p()
    settings.FORM_RENDERER = DJANGO
    assert text == FORMS["bound"]().as_p()
    assert {one.mode for one in decisions if one.kind == "template"} == {"native"}


def test_a_changed_file_is_read_again(settings):
    """`runserver` resets the loaders of the renderer when a template has changed."""
    settings.FORM_RENDERER = OURS
    str(EveryField())
    loader = get_default_renderer().engine.engine.template_loaders[0]
    assert loader.get_template_cache
    autoreload.reset_loaders()
    assert not loader.get_template_cache
