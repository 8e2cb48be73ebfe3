"""Addresses of what is published; each protocol keeps its own."""

from django.urls import include, path

from layers.styles_view import style_document

urlpatterns = [
    path("", include("layers.maps.urls")),
    path("styles/<str:tileset>.json", style_document, name="style"),
    path("", include("layers.tiles.urls")),
    path("", include("layers.wfs.urls")),
    path("", include("layers.features.urls")),
    path("", include("layers.projects.urls")),
    path("", include("layers.metadata.urls")),
]
