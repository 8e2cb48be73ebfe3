from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from gis_portal.api import HistoryView
from gis_portal.ops import health, metrics
from gis_portal.people.login import log_out

urlpatterns: list[URLPattern | URLResolver] = [
    # The administration has no log-in of its own: the second factor is asked at one place.
    path("admin/login/", RedirectView.as_view(pattern_name="login", query_string=True)),
    path("admin/logout/", log_out),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password-change")),
    path("admin/", admin.site.urls),
    path("accounts/", include("gis_portal.people.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/history/<str:registry>/<uuid:object_id>/", HistoryView.as_view(), name="history"),
    path("", include("layers.urls")),
    path("", include("gis_portal.pages.urls")),
]

handler400 = "gis_portal.edge.errors.bad_request"
handler403 = "gis_portal.edge.errors.not_allowed"
handler404 = "gis_portal.edge.errors.not_found"
handler500 = "gis_portal.edge.errors.failed"
