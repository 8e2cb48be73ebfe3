"""The sentences that scripts show, translated here so that the browser needs no catalogue of its own."""

from __future__ import annotations

from django.utils.translation import gettext as _


def script_texts() -> dict[str, str]:
    return {
        "loading": _("Loading the map…"),
        "tilesFailed": _("Part of the map could not be loaded."),
        "retry": _("Try again"),
        "mapFailed": _("The map could not be started. The list of plots works without it."),
        "offline": _("You are offline. What was loaded stays visible."),
        "basemapFailed": _("The background map is not available; the registry's own layers are complete."),
        "nothingHere": _("Nothing is drawn at this place."),
        "searching": _("Searching…"),
        "noHits": _("Nothing was found. Try a cadastral number such as 73626.510.12 or the code of a plot."),
        "searchFailed": _("The search does not answer. Try again in a moment."),
        "hits": _("{count} suggestions; choose with the arrow keys."),
        "pickFailed": _("The registry does not answer. Try again in a moment."),
        "resultsFailed": _("The list could not be brought up to date. Try again in a moment."),
        "filters": _("Filters"),
        "plotPage": _("All about this plot"),
        "alsoHere": _("Also here"),
        "coordinates": _("Coordinates"),
        "copy": _("Copy"),
        "copied": _("Copied"),
        "link": _("Link to this place"),
        "data": _("Data (GeoJSON)"),
        "history": _("History"),
        "close": _("Close"),
        "toolFailed": _("This tool could not be loaded. Check the connection and try again."),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "fromZoom": _("Zoom in to see this layer"),
        "mapLabel": _("Map. Move with the arrow keys, zoom with plus and minus, Enter picks what is in the middle."),
        "sheetOpen": _("Show less of the panel"),
        "sheetClosed": _("Show more of the panel"),
    }
