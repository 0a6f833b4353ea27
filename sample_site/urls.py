"""Addresses of the sample site."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

urlpatterns = [
    path("", include("sample_site.rentals.urls")),
    path("blog/", include("sample_site.blog.urls")),
    path("people/", include("sample_site.accounts.urls")),
    path("compare/", include("sample_site.showcase.urls")),
    path("showcase/", include("sample_site.showcase.pages")),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]

if settings.USES_TOOLBAR:
    from debug_toolbar.toolbar import debug_toolbar_urls

    urlpatterns += debug_toolbar_urls()
