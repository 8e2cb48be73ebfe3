"""The staff desk: where drafts are worked on and decided. Its other rooms hang their addresses on here."""

from django.urls import URLPattern, URLResolver, path

from gis_portal.pages.desk import diff, listing

urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.index, name="desk"),
    path("changes/<int:number>/diff.json", diff.about, name="desk-diff"),
    path("changes/<int:number>/diff/things", diff.things, name="desk-diff-things"),
    path("changes/<int:number>/diff/<str:z>/<str:x>/<str:y>.mvt", diff.tile, name="desk-diff-tile"),
]
