"""Addresses: each screen in the urls.py of the app it belongs to, the admin here; the error pages."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("orgs.urls")),
    path("admin/", admin.site.urls),
    path("", include("elections.urls")),
]

handler400 = "orgs.views.errors.bad_request"
handler403 = "orgs.views.errors.permission_denied"
handler404 = "orgs.views.errors.page_not_found"
handler500 = "orgs.views.errors.server_error"
