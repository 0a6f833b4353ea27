"""Every page of the admin, from a project whose only engine is ours: identical to Django's."""

from datetime import datetime

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.template import engines
from django.test import Client, override_settings
from django.utils import translation
from pytest_django.asserts import assertContains, assertTemplateUsed

from djust_engine.template import Template
from tests.adminapp.models import Novel
from tests.settings import OURS

NOVELS = "/admin/adminapp/novel/"
LISTS = [
    "",
    "?p=2",
    "?p=3",
    "?all=",
    "?q=Novel+1",
    "?q=<script>",
    "?q=nothing+found",
    "?status__exact=out",
    "?is_signed__exact=1&o=-1.3",
    "?writer__id__exact=1&q=i",
    "?published__year=2021",
    "?published__year=2021&published__month=2",
    "?published__year=2021&published__month=2&published__day=5",
    "?o=3.-5&p=1",
    "?_popup=1",
    "?status__exact=draft&_facets=True",
    "?e=1",
]
PAGES = [
    "/admin/",
    "/admin/adminapp/",
    "/admin/auth/",
    "/admin/adminapp/novel/add/",
    "/admin/adminapp/novel/add/?title=Preset&_popup=1",
    "/admin/adminapp/writer/",
    "/admin/adminapp/writer/add/",
    "/admin/adminapp/genre/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/auth/group/",
    "/admin/auth/group/add/",
    "/admin/password_change/",
    "/admin/password_change/done/",
    "/admin/adminapp/novel/999/change/",
    "/admin/nowhere/",
    "/admin/jsi18n/",
]


@pytest.mark.parametrize("query", LISTS)
def test_change_lists(visit, query):
    assert visit(NOVELS + query).response.status_code in {200, 302}


@pytest.mark.parametrize("page", PAGES)
def test_pages(visit, page):
    visit(page)


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_pages_of_an_object(visit, library, history, page):
    answer = visit(f"{NOVELS}{library['novel'].pk}/{page}/")
    assert answer.response.status_code == 200
    assert "Novel 3 &lt;i&gt;" in answer.page


def test_pages_of_a_user(visit, library):
    pk = library["user"].pk
    for page in ("change", "password", "delete", "history"):
        visit(f"/admin/auth/user/{pk}/{page}/")


def test_the_index_shows_recent_actions(visit, history):
    assert "Novel 3 &lt;i&gt;" in visit("/admin/").page


@pytest.mark.parametrize("page", ["/admin/login/", "/admin/", NOVELS, "/admin/logout/"])
def test_without_a_user(visit, page):
    visit(page, anonymous=True)


def test_a_failed_log_in(visit):
    data = {"username": "admin", "password": "<wrong>"}
    answer = visit(lambda client: client.post("/admin/login/", data), anonymous=True)
    assert "Please enter the correct username" in answer.page


def test_a_log_in_and_a_log_out(visit):
    data = {"username": "admin", "password": "password"}
    visit(lambda client: client.post("/admin/login/?next=/admin/", data), anonymous=True)
    assert "Logged out" in visit(lambda client: client.post("/admin/logout/")).page


def novel_form(**changes):
    inlines = {
        f"{prefix}-{name}": value
        for prefix in ("chapters", "reviews")
        for name, value in {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0}.items()
    }
    form = {
        "title": "New <one>",
        "writer": "1",
        "status": "draft",
        "price": "1.50",
        "published": "2024-01-02",
        "updated_0": "",
        "updated_1": "",
        "chapters-0-title": "First",
        "chapters-0-pages": "3",
    }
    return {**inlines, **form, **changes}


@pytest.mark.parametrize("button", ["_save", "_continue", "_addanother"])
def test_a_valid_form(visit, library, button):
    def call(client):
        writer = str(Novel.objects.first().writer_id)
        return client.post(NOVELS + "add/", novel_form(writer=writer, **{button: "1"}), follow=True)

    answer = visit(call)
    assert "was added successfully" in answer.page
    assert "New &lt;one&gt;" in answer.page


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "<x>" * 50, "price": "abc", "published": "never"},
        {"writer": "999", "status": "<none>", "updated_0": "x"},
        {"chapters-0-pages": "-1", "chapters-0-title": ""},
        {"chapters-TOTAL_FORMS": ""},
    ],
)
def test_a_form_with_errors(visit, changes):
    answer = visit(lambda client: client.post(NOVELS + "add/", novel_form(**changes)))
    assert "Please correct the error" in answer.page


def test_a_changed_object_with_errors(visit, library):
    address = f"{NOVELS}{library['novel'].pk}/change/"
    visit(lambda client: client.post(address, novel_form(title="")))


def test_a_deletion(visit, library):
    address = f"{NOVELS}{library['novel'].pk}/delete/"
    answer = visit(lambda client: client.post(address, {"post": "yes"}, follow=True))
    assert "was deleted successfully" in answer.page


def selected(library, action, **more):
    return {"action": action, "_selected_action": [library["novel"].pk], "index": 0, **more}


def test_actions(visit, library):
    confirm = selected(library, "delete_selected")
    assert "Are you sure" in visit(lambda client: client.post(NOVELS, confirm)).page
    sign = selected(library, "sign")
    answer = visit(lambda client: client.post(NOVELS, sign, follow=True))
    assert "Signed &amp; sealed." in answer.page
    none = {"action": "sign", "index": 0}
    visit(lambda client: client.post(NOVELS, none, follow=True))


def test_an_editable_list_with_errors(visit, library):
    form = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": str(library["novel"].pk),
        "form-0-status": "<wrong>",
        "_save": "Save",
    }
    answer = visit(lambda client: client.post(NOVELS + "?q=Novel+3", form))
    assert "Please correct the error" in answer.page


def test_a_changed_password(visit):
    wrong = {"old_password": "x", "new_password1": "a", "new_password2": "b"}
    visit(lambda client: client.post("/admin/password_change/", wrong))


@override_settings(ROOT_URLCONF="tests.admin.urls")
def test_the_pages_of_a_forgotten_password(visit, library):
    visit("/accounts/password_reset/", anonymous=True)
    visit("/accounts/password_reset/done/", anonymous=True)
    visit("/accounts/reset/x/y/", anonymous=True)
    visit("/accounts/reset/done/", anonymous=True)
    assert default_token_generator.make_token(library["user"])


@override_settings(ROOT_URLCONF="tests.admin.urls")
def test_the_mail_of_a_forgotten_password(visit, monkeypatch):
    """The address in it holds a token of the present second."""
    now = datetime(2026, 3, 1, 12)
    monkeypatch.setattr(default_token_generator, "_now", lambda: now)
    data = {"email": "admin@example.com"}
    visit(lambda client: client.post("/accounts/password_reset/", data), anonymous=True)
    bodies = {message.body for message in mail.outbox}
    assert len(mail.outbox) == 2 and len(bodies) == 1


@pytest.mark.parametrize("language", ["de", "fr"])
def test_other_languages(visit, language):
    with translation.override(language), override_settings(LANGUAGE_CODE=language):
        visit(NOVELS)
        visit(NOVELS + "add/")


@override_settings(USE_THOUSAND_SEPARATOR=True)
def test_thousands(visit, library):
    visit(f"{NOVELS}{library['novel'].pk}/change/")


def test_templates_and_context_reach_the_test_client(library):
    with override_settings(TEMPLATES=[OURS]):
        client = Client()
        client.force_login(library["user"])
        response = client.get(NOVELS)
        assertTemplateUsed(response, "admin/change_list.html")
        assertTemplateUsed(response, "admin/base.html")
        assertContains(response, "25 novels")
        assert response.context["cl"].result_count == 25
        assert response.context["opts"] is Novel._meta


def test_the_admin_is_rendered_natively(library):
    with override_settings(TEMPLATES=[OURS]):
        client = Client()
        client.force_login(library["user"])
        names = {
            template.name
            for address in (NOVELS, NOVELS + "add/", "/admin/", "/admin/login/")
            for template in client.get(address).templates
            if template.name and not template.name.startswith("django/forms/")
        }
        templates = [engines["django"].get_template(name).template for name in names]
    assert len(templates) > 15
    left = {template.name: template.fallback for template in templates if template.fallback}
    assert not left
    assert {type(template) for template in templates} == {Template}


def test_the_debug_page_of_an_error_in_the_admin(library, monkeypatch):
    from tests.adminapp.admin import NovelAdmin

    def fail(self, novel):
        raise ZeroDivisionError("in a column")

    monkeypatch.setattr(NovelAdmin, "shout", fail)
    with override_settings(TEMPLATES=[OURS], DEBUG=True):
        client = Client(raise_request_exception=False)
        client.force_login(library["user"])
        page = client.get(NOVELS).content.decode()
    assert "Error during template rendering" in page
    assert "{% result_list cl %}" in page
    assert "in a column" in page
