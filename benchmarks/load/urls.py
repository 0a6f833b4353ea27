"""The sample site's addresses; its list of leases tuned by hand; and pages without end."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from sample_site.rentals.models import Lease
from sample_site.rentals.views import LeaseListView

PATHS = ("reference", "rent", "deposit", "status", "start_date", "end_date", "property.name",
         "property.city", "property.rent", "tenant.phone", "tenant.user.last_name")  # fmt: skip


class TunedLeaseListView(LeaseListView):
    """The same page with the queries that a careful programmer asks for."""

    queryset = Lease.objects.select_related("property", "tenant__user")


def new(request: HttpRequest, number: int) -> HttpResponse:
    """A page that reads other paths for each number, and so needs a plan of its own."""
    read = [path for at, path in enumerate(PATHS) if (number + 1) >> at & 1]
    printed = "|".join(f"{{{{ lease.{path} }}}}" for path in read)
    template = engines["django"].from_string(f"{{% for lease in leases %}}{printed};{{% endfor %}}")
    return HttpResponse(template.render({"leases": Lease.objects.all()[:5]}, request))


urlpatterns = [
    path("tuned/leases/", TunedLeaseListView.as_view()),
    path("new/<int:number>/", new),
    path("", include("sample_site.urls")),
]
