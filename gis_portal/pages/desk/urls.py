"""The staff desk: where drafts are worked on and decided. Its other rooms hang their addresses on here."""

from django.urls import URLPattern, URLResolver, path

from gis_portal.pages.desk import listing

urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.index, name="desk"),
]
