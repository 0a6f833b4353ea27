from django.urls import path

from . import views

app_name = "rentals"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("leases/", views.LeaseListView.as_view(), name="leases"),
    path("leases/<int:pk>/", views.LeaseDetailView.as_view(), name="lease"),
    path("leases/<int:pk>/renewal/", views.toggle_renewal, name="toggle-renewal"),
    path("properties/<int:pk>/", views.PropertyDetailView.as_view(), name="property"),
]
