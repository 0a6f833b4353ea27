"""Pages of the agency, as one writes them: no ``select_related``, no ``prefetch_related``."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, ListView

from .models import Lease, MaintenanceRequest, Property


def dashboard(request: HttpRequest, district: str = Property.District.HARBOUR) -> TemplateResponse:
    here = {"property__district": district}
    requests = MaintenanceRequest.objects.filter(**here).exclude(status="done")
    leases = Lease.objects.filter(**here, status="active").order_by("end_date", "pk")
    context = {
        "district": Property.District(district).label,
        "properties": Property.objects.filter(district=district),
        "maintenance_requests": requests,
        "expiring_leases": leases[:5],
    }
    return TemplateResponse(request, "rentals/dashboard.html", context)


class LeaseListView(ListView):
    model = Lease
    paginate_by = 50


class LeaseDetailView(DetailView):
    model = Lease


class PropertyDetailView(DetailView):
    model = Property


@require_POST
def toggle_renewal(request: HttpRequest, pk: int) -> HttpResponse:
    lease = get_object_or_404(Lease, pk=pk)
    lease.auto_renew = not lease.auto_renew
    lease.save(update_fields=["auto_renew"])
    state = "renews by itself" if lease.auto_renew else "ends on its date"
    messages.success(request, f"Lease {lease.reference} now {state}.")
    return redirect(lease)
