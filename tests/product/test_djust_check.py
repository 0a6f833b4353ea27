"""`manage.py djust_check`: what it looks at, what it says, how it ends."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from djust_engine.survey import Status, engines_to_survey, find_sources, survey
from tests.product.sarif import assert_sarif
from tests.settings import ORACLE, OURS

FILES = {
    "a/native.html": "{% if a %}\n{{ a|upper }}{% endif %}",
    "a/library.html": "{% load seam_tags %}\n{{ a|twice }}\n{% wrap 1 %}{{ a|twice }}{% endwrap %}",
    "a/django.txt": "{{ a|unordered_list }}",
    "a/fallback.html": "\n{% load seam_tags %}{% careless %}{% endcareless %}",
    "a/wrong.html": "one\n\n{% if a %}{{ a|nothing }}{% endif %}",
    "a/unclosed.html": "one\n{% for x in y %}",
    "a/sub/deep.html": "{{ a }}",
    "a/.hidden.html": "{% nothing %}",
    "a/__pycache__/x.html": "{% nothing %}",
    "a/backup.html~": "{% nothing %}",
    "a/picture.png": b"\x89PNG\xff",
    "a/drawing.svg": "<svg>{{ a }}</svg>",
    "a/other.jinja": "{% set a = 1 %}",
    "a/latin.html": "é".encode("latin-1"),
    "b/native.html": "{% extends 'native.html' %}",
}

WRAPPED = "{% load seam_tags %}{% wrap a %}{% endwrap %}"


@pytest.fixture
def project(tmp_path, settings, monkeypatch):
    """A project of two directories of templates and nothing else."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    settings.TEMPLATES = [
        {**OURS, "APP_DIRS": False, "DIRS": [tmp_path / "a", str(tmp_path / "b")]}
    ]
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*names, **options):
    out = StringIO()
    call_command("djust_check", *names, stdout=out, **{"fail_on": "never", **options})
    return out.getvalue()


def found_in_project(*names):
    results = survey(find_sources(engines_to_survey(), names)).results
    return {result.path: result for result in results}


def statuses(*names):
    return {Path(path).name: one.status for path, one in found_in_project(*names).items()}


def test_what_is_looked_at(project):
    names = [
        (one.name, Path(one.path).relative_to(project).parts[0])
        for one in found_in_project().values()
    ]
    assert names == [
        ("django.txt", "a"),
        ("drawing.svg", "a"),
        ("fallback.html", "a"),
        ("latin.html", "a"),
        ("library.html", "a"),
        ("native.html", "a"),
        ("native.html", "b"),
        ("sub/deep.html", "a"),
        ("unclosed.html", "a"),
        ("wrong.html", "a"),
    ]


def test_links_that_lead_back(project):
    (project / "a/sub/round").symlink_to(project / "a", target_is_directory=True)
    (project / "a/linked").symlink_to(project / "b", target_is_directory=True)
    names = [one.name for one in found_in_project().values()]
    assert len(names) == 11
    assert "linked/native.html" in names


def test_the_status_of_each(project):
    assert statuses() == {
        "django.txt": Status.NATIVE,
        "drawing.svg": Status.NATIVE,
        "fallback.html": Status.FALLBACK,
        "latin.html": Status.ERROR,
        "library.html": Status.FOREIGN,
        "native.html": Status.NATIVE,
        "deep.html": Status.NATIVE,
        "unclosed.html": Status.ERROR,
        "wrong.html": Status.ERROR,
    }


def test_the_findings(project):
    results = {result.name: result for result in found_in_project().values()}
    library = {(one.kind, one.name, one.line, one.code) for one in results["library.html"].findings}
    assert library == {
        ("filter", "twice", 2, "foreign-filter"),
        ("tag", "wrap", 3, "foreign-tag"),
        ("filter", "twice", 3, "foreign-filter"),
    }
    (fallback,) = results["fallback.html"].findings
    assert (fallback.kind, fallback.code, fallback.line) == ("template", "end-tags", 2)
    assert fallback.why.endswith(" than names of tags ({% careless %})")
    (wrong,) = results["wrong.html"].findings
    assert (wrong.line, wrong.code) == (3, "django-error")
    assert wrong.why.startswith("TemplateSyntaxError: ")
    assert wrong.why.endswith("Invalid filter: 'nothing'")
    (unclosed,) = results["unclosed.html"].findings
    assert unclosed.line == 2
    assert "Unclosed tag on line 2: 'for'" in unclosed.why
    (latin,) = results["latin.html"].findings
    assert latin.why.startswith("UnicodeDecodeError: 'utf-8' codec can't decode")
    assert results["native.html"].findings == ()


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["native.html"], {"native.html"}),
        (["sub/"], {"deep.html"}),
        (["*.txt", "sub/*"], {"django.txt", "deep.html"}),
        (["a/wrong.html"], {"wrong.html"}),
    ],
)
def test_names_restrict(project, names, found):
    assert set(statuses(*names)) == found


def test_a_directory_of_files_restricts(project):
    assert set(found_in_project("b")) == {str(project / "b" / "native.html")}
    assert set(found_in_project("./a/sub/")) == {str(project / "a" / "sub" / "deep.html")}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"output": Path("missing/x.json")}, "--output missing/x.json: "),
        ({"engine": ["jinja"]}, "--engine jinja: there are django"),
    ],
)
def test_an_option_that_cannot_be_is_said(project, options, told):
    with pytest.raises(CommandError, match=told):
        check(**options)


def test_a_name_that_is_none(project):
    with pytest.raises(CommandError, match="No template is named, or matches, 'nowhere.html'"):
        check("native.html", "nowhere.html")


def test_the_text(project):
    text = check()
    assert text.startswith("latin.html  (a/latin.html)\n  UnicodeDecodeError: ")
    assert "wrong.html  (a/wrong.html)\n  line 3: TemplateSyntaxError: " in text
    assert "Invalid filter: 'nothing' [django-error]\n" in text
    assert (
        "library.html  (a/library.html)\n"
        "  line 2, 3: |twice tests.seam.templatetags.seam_tags.twice is called [foreign-filter]\n"
        "  line 3: {% wrap %} tests.seam.templatetags.seam_tags.WrapNode renders it [foreign-tag]\n"
    ) in text
    assert text.endswith(
        "10 templates, 6 of them native (60.0%)\n"
        "      5   50.0%  native as a whole\n"
        "      1   10.0%  native, with nodes of libraries\n"
        "      1   10.0%  left to Django as a whole\n"
        "      3   30.0%  do not compile under Django either\n"
        "\n" + text[text.index("Most frequent reasons") :]
    )
    assert "|unordered_list: " in text
    assert "native as a whole\n\nnative.html" not in text


def test_the_whole_text(project):
    assert "sub/deep.html  (a/sub/deep.html)\n  native as a whole\n" in check(verbosity=2)


def test_functions_that_are_called_leave_a_template_native(project):
    source = "{% load function_tags %}{% told 1 %}{{ a|twice }}"
    (project / "a/calls.html").write_text(source.replace("load", "load seam_tags"))
    (result,) = found_in_project("calls.html").values()
    assert result.status is Status.NATIVE
    assert {one.code for one in result.findings} == {"called-tag", "foreign-filter"}


def test_the_text_of_many_templates(project):
    for number in range(1000):
        (project / f"a/many{number}.html").write_text(WRAPPED)
    text = check()
    assert "… and 945 more templates (--verbosity 2 lists all)" in text
    assert "1010 templates, 1006 of them native (99.6%)" in text
    assert "1001  foreign-tag    {% wrap %}: " in text
    assert len(text.splitlines()) < 250


def test_templates_of_packages_are_counted_not_listed(project, settings):
    installed = project / "venv/lib/site-packages/shop/templates"
    installed.mkdir(parents=True)
    (installed / "shop.html").write_text(WRAPPED)
    (installed / "careless.html").write_text((project / "a/fallback.html").read_text())
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [installed]}]
    text = check()
    assert "shop.html  (" not in text
    assert "careless.html  (venv/lib/site-packages/shop/templates/careless.html)" in text
    assert "2 templates, 1 of them native" in text
    assert "shop.html  (" in check(verbosity=2)


def test_json(project):
    document = json.loads(check(format="json"))
    assert document["version"] == 1
    summary = document["summary"]
    assert (summary["templates"], summary["native"]) == (10, 6)
    assert summary["by_status"] == {"native": 5, "foreign": 1, "fallback": 1, "error": 3}
    assert summary["reasons"][0].keys() == {"code", "subject", "why", "templates"}
    (library,) = [one for one in document["templates"] if one["name"] == "library.html"]
    assert library["path"] == str(project / "a/library.html")
    assert (library["status"], library["native"]) == ("foreign", True)
    assert library["findings"][0] == {
        "kind": "filter",
        "name": "twice",
        "line": 2,
        "code": "foreign-filter",
        "why": "tests.seam.templatetags.seam_tags.twice is called",
    }


def test_sarif(project):
    document = json.loads(check(format="sarif"))
    assert_sarif(document)
    (run,) = document["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["django-error"]["defaultConfiguration"] == {"level": "error"}
    (fallback,) = [one for one in run["results"] if one["ruleId"] == "end-tags"]
    assert fallback["level"] == "warning"
    (wrong,) = [one for one in run["results"] if "wrong.html" in one["message"]["text"]]
    assert wrong["level"] == "error"
    assert wrong["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a/wrong.html", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 3},
    }
    assert run["originalUriBaseIds"]["SRCROOT"]["uri"] == f"{project.as_uri()}/"


def test_sarif_of_nothing(project):
    document = json.loads(check("native.html", format="sarif"))
    assert_sarif(document)
    assert document["runs"][0]["results"] == []


def test_output_to_a_file(project):
    assert check(format="json", output=project / "found.json") == ""
    assert json.loads((project / "found.json").read_text())["summary"]["templates"] == 10


@pytest.mark.parametrize(
    ("names", "levels"),
    [
        (["native.html", "django.txt"], set()),
        (["library.html"], {"foreign"}),
        (["fallback.html"], {"foreign", "fallback"}),
        (["wrong.html"], {"foreign", "fallback", "error"}),
    ],
)
def test_the_exit_status(project, names, levels):
    for level in ("foreign", "fallback", "error", "never"):
        if level in levels:
            with pytest.raises(SystemExit) as end:
                check(*names, fail_on=level)
            assert end.value.code == 1
        else:
            check(*names, fail_on=level)


def test_errors_fail_by_default(project):
    with pytest.raises(SystemExit):
        call_command("djust_check", "wrong.html", stdout=StringIO())


@pytest.mark.parametrize("renderer", ["DjustFormRenderer", "renderers.DjustFormRenderer"])
def test_the_form_renderer_s_templates_are_looked_at(project, settings, renderer):
    assert not [one for one in found_in_project().values() if "django/forms" in one.name]
    settings.FORM_RENDERER = f"djust_engine.{renderer}"
    found = [one for one in found_in_project().values() if one.name.startswith("django/forms")]
    assert len(found) > 30
    assert {one.status for one in found} == {Status.NATIVE}


def test_a_project_that_has_not_switched_yet(project, settings):
    entry = {**settings.TEMPLATES[0], "BACKEND": ORACLE["BACKEND"]}
    with override_settings(TEMPLATES=[entry]):
        assert statuses()["fallback.html"] is Status.FALLBACK
        assert len(found_in_project()) == 10


def test_engines_by_name(project, settings):
    other = {**OURS, "NAME": "other", "APP_DIRS": False, "DIRS": []}
    settings.TEMPLATES = [*settings.TEMPLATES, other]
    assert "0 templates, 0 of them native" in check(engine=["other"])
    assert "10 templates" in check(engine=["django", "other"])
    with pytest.raises(CommandError, match="--engine nowhere: there are django, other"):
        check(engine=["nowhere"])


def test_loaders_that_list_what_they_have(project, settings):
    names = {"x.html": "{{ x }}", "y.html": "{% nothing %}"}
    locmem = ("django.template.loaders.locmem.Loader", names)
    filesystem = ("django.template.loaders.filesystem.Loader", [project / "b"])
    loaders = [("django.template.loaders.cached.Loader", [locmem, filesystem])]
    settings.TEMPLATES = [{"BACKEND": OURS["BACKEND"], "OPTIONS": {"loaders": loaders}}]
    assert statuses() == {
        "native.html": Status.NATIVE,
        "x.html": Status.NATIVE,
        "y.html": Status.ERROR,
    }
    assert_sarif(json.loads(check(format="sarif")))


def test_loaders_that_cannot_list_are_asked_by_name(project, settings):
    loaders = [("tests.product.secretive.Loader", {"secret.html": "{{ x|unordered_list }}"})]
    settings.TEMPLATES = [{"BACKEND": OURS["BACKEND"], "OPTIONS": {"loaders": loaders}}]
    assert statuses() == {}
    assert statuses("secret.html") == {"secret.html": Status.NATIVE}


def test_templates_of_another_engine_are_left_alone(project, settings):
    pytest.importorskip("jinja2")
    (project / "a/set.html").write_text("{% set x = 1 %}{{ x }}")
    jinja = {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [project / "a"],
    }
    assert statuses("set.html") == {"set.html": Status.ERROR}
    settings.TEMPLATES = [*settings.TEMPLATES, jinja]
    assert statuses("set.html") == {}
    assert statuses("unclosed.html") == {"unclosed.html": Status.ERROR}
