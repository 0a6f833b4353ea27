"""The pages of `benchmarks.below`: an admin, a generic view, tags; models print over relations."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.template import engines
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.views.generic import ListView

from sample_site.blog.models import Post
from sample_site.rentals.models import Lease, MaintenanceRequest, Property

from .below import Counts, count

_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
BACKENDS = (
    "django.template.backends.django.DjangoTemplates",
    "djust_engine.backends.django.DjustTemplates",
)


class Agreement(Lease):
    """A lease that is printed over two relations."""

    class Meta:
        proxy = True
        app_label = "rentals"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.reference}: {', '.join(str(part) for part in self.parts())}"

    def parts(self) -> Iterator[Any]:
        for name in ("property", "tenant"):
            yield getattr(self, name)


class LeaseInline(admin.TabularInline):
    model = Lease
    fields = ["reference", "tenant", "status"]
    extra = 1


class RequestInline(admin.StackedInline):
    model = MaintenanceRequest
    fields = ["title", "reported_by"]
    extra = 1


class AgreementAdmin(admin.ModelAdmin):
    list_display = ["__str__", "tenant", "street", "open_requests"]
    list_per_page = 50
    list_select_related = False

    def street(self, agreement: Agreement) -> str:
        return agreement.property.street

    def open_requests(self, agreement: Agreement) -> str:
        return ", ".join(str(one) for one in agreement.property.maintenance_requests.all())


class PropertyAdmin(admin.ModelAdmin):
    fields = ["name", "tenant", "manager"]
    inlines = [LeaseInline, RequestInline]


site = admin.AdminSite("below")
site.register(Agreement, AgreementAdmin)
site.register(Property, PropertyAdmin)
urlpatterns = [path("admin/", site.urls)]


class AgreementList(ListView):
    model = Agreement
    paginate_by = 50
    template_name = "benchmarks/below/list.html"


def compared() -> Iterator[tuple[str, Counts, Counts]]:
    """Each page with its counts, those of Django's backend first."""
    user = get_user_model().objects.filter(is_superuser=True).first()
    if user is None:
        user = get_user_model().objects.create_superuser("boss", "boss@example.org", "boss")
    found = [list(_counts(backend, user)) for backend in BACKENDS]
    for (title, before), (_, after) in zip(*found, strict=True):
        yield title, before, after


def _counts(backend: str, user: Any) -> Iterator[tuple[str, Counts]]:
    options = {
        "context_processors": _PROCESSORS,
        "libraries": {"below_tags": "benchmarks.below_tags"},
    }
    template = {"BACKEND": backend, "APP_DIRS": True, "OPTIONS": options}
    template["DIRS"] = [*engines["django"].dirs]  # type: ignore[attr-defined]
    settings = {"TEMPLATES": [template], "ROOT_URLCONF": __name__, "ALLOWED_HOSTS": ["*"]}
    with override_settings(**settings):
        client = Client()
        client.force_login(user)
        for title, address in _addresses():
            client.get(address)
            yield title, count(lambda address=address: _get(client, address))
        for title, render in _renders():
            render()
            yield title, count(render)


def _get(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)


def _addresses() -> list[tuple[str, str]]:
    known = Property.objects.order_by("pk")[0]
    return [
        ("Admin change list, 50 rows", "/admin/rentals/agreement/"),
        ("Admin change form, inlines and selects", f"/admin/rentals/property/{known.pk}/change/"),
        ("Admin add form, selects", "/admin/rentals/property/add/"),
    ]


def _renders() -> list[tuple[str, Any]]:
    def list_view() -> None:
        request = RequestFactory().get("/")
        AgreementList.as_view()(request).render()  # type: ignore[attr-defined]

    def tag() -> None:
        source = "{% load below_tags %}{% for one in leases %}{% renter one %}{% endfor %}"
        template = engines["django"].from_string(source)
        template.render({"leases": Agreement.objects.all()[:50]})

    def managers() -> None:
        source = "{% load below_tags %}{% for one in posts %}{% voices one %}{% endfor %}"
        engines["django"].from_string(source).render({"posts": Post.objects.all()[:50]})

    return [
        ("Generic ListView, `__str__` over two relations", list_view),
        ("Tag that reads two relations of each row", tag),
        ("Tag that reads a manager of each row", managers),
    ]
