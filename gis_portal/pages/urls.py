"""Pages for people, and what the map page asks."""

from django.urls import include, path

from gis_portal.pages import basemap, compare, compare_diff, found, history, map, pick, services
from gis_portal.pages.feeds import views as feeds
from gis_portal.pages.plots import deliver, listing, page, sitemap, takeaway, verdict
from gis_portal.pages.shortlist import views as shortlist
from gis_portal.pages.tools import embed, facts, printing

urlpatterns = [
    path("", map.index, name="map"),
    path("map/results", found.results, name="map-results"),
    path("map/pick", pick.pick, name="map-pick"),
    path("map/feature/<str:layer>/<uuid:id>", pick.feature, name="map-feature"),
    path("map/search", pick.find, name="map-search"),
    path("map/basemap", basemap.status, name="map-basemap"),
    path("map/tools", facts.facts, name="map-tools"),
    path("print.pdf", printing.show, name="print"),
    path("embed/", embed.show, name="embed"),
    path("plots/", listing.listing, name="plots"),
    path("plots.csv", listing.export, name="plots-export"),
    path("plots/<path:code>/files/<uuid:id>/<str:name>", deliver.send, name="plot-file"),
    path("plots/<path:code>/picture.png", takeaway.picture, name="plot-picture"),
    path("plots/<path:code>/sheet.pdf", takeaway.sheet, name="plot-pdf"),
    path("plots/<path:code>/data.zip", takeaway.data, name="plot-data"),
    path("plots/<path:code>/editions/<str:token>/", verdict.show, name="plot-edition"),
    # Last of what lies below a plot: its code may hold slashes.
    path("plots/<path:code>/", page.show, name="plot"),
    path("sitemap.xml", sitemap.show, name="sitemap"),
    path("alerts/", include("gis_portal.pages.alerts.urls")),
    path("offers.atom", feeds.atom, name="offers-atom"),
    path("offers.json", feeds.json_feed, name="offers-json"),
    path("shortlist/", shortlist.show, name="shortlist"),
    path("history/<str:registry>/<uuid:id>/", history.show, name="history-page"),
    path("history/<str:registry>/<uuid:id>/revert", history.revert, name="history-revert"),
    path("compare/", compare.index, name="compare"),
    path("enquiries/", include("gis_portal.pages.enquiries.urls")),
    path("desk/", include("gis_portal.pages.desk.urls")),
    path("compare/diff.json", compare_diff.about, name="compare-diff"),
    path("compare/diff/things", compare_diff.things),
    path("compare/diff/<str:z>/<str:x>/<str:y>.mvt", compare_diff.tile),
    path("services/", services.index, name="services"),
    path("", include("gis_portal.pages.about.urls")),
    path("favicon.ico", services.icon, name="icon"),
    path("robots.txt", services.robots, name="robots"),
]
