"""Pages for people, and what the map page asks."""

from django.urls import include, path

from gis_portal.pages import basemap, map, pick, plots, services

urlpatterns = [
    path("", map.index, name="map"),
    path("map/pick", pick.pick, name="map-pick"),
    path("map/feature/<str:layer>/<uuid:id>", pick.feature, name="map-feature"),
    path("map/search", pick.find, name="map-search"),
    path("map/basemap", basemap.status, name="map-basemap"),
    path("plots/", plots.listing, name="plots"),
    path("desk/", include("gis_portal.pages.desk.urls")),
    path("services/", services.index, name="services"),
    path("favicon.ico", services.icon, name="icon"),
    path("robots.txt", services.robots, name="robots"),
]
