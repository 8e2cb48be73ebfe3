"""In which form an answer is wanted: the parameter `f` decides, then the header Accept (RFC 9110, 12.5.1)."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest
from django.utils.translation import gettext as _

from registries.core.errors import BadInput

JSON, HTML, GEOJSON, CSV = "application/json", "text/html", "application/geo+json", "text/csv"
SCHEMA, XML = "application/schema+json", "application/xml"
FLATGEOBUF, GEOPACKAGE = "application/flatgeobuf", "application/geopackage+sqlite3"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
MAPLIBRE = "application/vnd.mapbox.style+json"
# By the values of `f`, the first being what whoever accepts anything gets.
RESOURCE = {"json": JSON, "html": HTML}
ITEMS = {"json": GEOJSON, "html": HTML, "csv": CSV, "fgb": FLATGEOBUF, "gpkg": GEOPACKAGE}
ITEM = {"json": GEOJSON, "html": HTML}
SCHEMAS = {"json": SCHEMA, "html": HTML}
DEFINITION = {"json": OPENAPI, "html": HTML}
STYLE = {"json": MAPLIBRE}
# What people call them.
CALLED = {GEOJSON: "GeoJSON", CSV: "CSV", FLATGEOBUF: "FlatGeobuf", GEOPACKAGE: "GeoPackage", HTML: "HTML"}
# Names under which the same thing is asked for.
ALSO = {JSON: "json"}


def wanted(request: HttpRequest, served: Mapping[str, str]) -> str:
    """One of the names in `served`. What is not served is answered in the first form rather than refused."""
    asked = request.GET.get("f")
    if asked is not None:
        if asked not in served:
            raise BadInput(
                _("This format is not served."),
                locator="f",
                hint=_("Use one of: %(names)s.") % {"names": ", ".join(served)},
            )
        return asked
    names = {form.partition(";")[0]: name for name, form in served.items()}
    known = names | {other: name for other, name in ALSO.items() if other not in names}
    return known[request.get_preferred_type(list(known)) or next(iter(names))]
