"""Views that the seam's tests reach through the test client."""

from django.urls import path

from tests.seam import views

app_name = "seam"
urlpatterns = [
    path("page/", views.page, name="page"),
    path("broken/", views.broken, name="broken"),
    path("missing/", views.missing, name="missing"),
    path("lazy/", views.lazy, name="lazy"),
]
