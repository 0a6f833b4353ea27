"""The test project with the pages of `django.contrib.auth`, which the admin's templates dress."""

from django.urls import include, path

from tests import urls

urlpatterns = [*urls.urlpatterns, path("accounts/", include("django.contrib.auth.urls"))]
