"""Addresses of the map services."""

from django.urls import path

from layers.maps import views

app_name = "maps"
urlpatterns = [
    path("ows/wms", views.wms, name="wms"),
    path("ows/wmts", views.wmts, name="wmts"),
    path("ows/wmts/1.0.0/WMTSCapabilities.xml", views.wmts_capabilities, name="wmts_capabilities"),
    path(
        "ows/wmts/<str:layer>/<str:matrix_set>/<str:matrix>/<str:column>/<str:row>.png",
        views.wmts_tile,
        name="wmts_tile",
    ),
]
