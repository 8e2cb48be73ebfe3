from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from gis_portal.api import HistoryView
from gis_portal.ops import health, metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
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
