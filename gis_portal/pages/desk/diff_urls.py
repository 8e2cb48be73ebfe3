"""What the map of a change set asks, below the address of the set: for staff by number, for an outsider by the link."""

from django.urls import path

from gis_portal.pages.desk import diff

urlpatterns = [
    path("diff.json", diff.about),
    path("diff/things", diff.things),
    path("diff/<str:z>/<str:x>/<str:y>.mvt", diff.tile),
    path("items/<int:item>.svg", diff.item_picture),
    path("items/<int:item>/conflict.svg", diff.conflict_picture),
]
