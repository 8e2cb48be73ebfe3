"""Pages for people, and what the map page asks."""

from django.urls import include, path

from gis_portal.pages import basemap, compare, compare_diff, history, map, pick, services
from gis_portal.pages.plots import listing
from gis_portal.pages.shortlist import views as shortlist

urlpatterns = [
    path("", map.index, name="map"),
    path("map/pick", pick.pick, name="map-pick"),
    path("map/feature/<str:layer>/<uuid:id>", pick.feature, name="map-feature"),
    path("map/search", pick.find, name="map-search"),
    path("map/basemap", basemap.status, name="map-basemap"),
    path("plots/", listing.listing, name="plots"),
    path("plots.csv", listing.export, name="plots-export"),
    path("shortlist/", shortlist.show, name="shortlist"),
    path("history/<str:registry>/<uuid:id>/", history.show, name="history-page"),
    path("history/<str:registry>/<uuid:id>/revert", history.revert, name="history-revert"),
    path("compare/", compare.index, name="compare"),
    path("desk/", include("gis_portal.pages.desk.urls")),
    path("compare/diff.json", compare_diff.about, name="compare-diff"),
    path("compare/diff/things", compare_diff.things),
    path("compare/diff/<str:z>/<str:x>/<str:y>.mvt", compare_diff.tile),
    path("services/", services.index, name="services"),
    path("", include("gis_portal.pages.about.urls")),
    path("favicon.ico", services.icon, name="icon"),
    path("robots.txt", services.robots, name="robots"),
]
