"""The card of one feature: title, status, attributes with units and code labels, coordinates, and where to go on."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from psycopg import sql

from gis_portal.pages import values
from gis_portal.pages.plots import addresses
from gis_portal.pages.reading import Reading
from layers.catalogue import Catalogue
from layers.land import PARAMETERS
from layers.layer import Column
from layers.pick import Feature, features
from layers.query import Query
from registries.land.models import Offer, Plot, Zone
from registries.networks.models import Network

# What a thing is called by people, the first that is there.
TITLES = ("name", "code", "national_cadastral_reference", "label", "plot")
ENGLISH = "_en"
UNIT_IN_TITLE = re.compile(r"\s*\([^()]*\)$")
STATUS_LAYERS = frozenset({"plots"})
# A plot has a page that tells all; its card tells what an investor asks first.
ESSENTIAL = frozenset({"regulated_plot", "zone", "permitted_use", "area_m2", "confirmed_on", *PARAMETERS})
# Columns on cards that may name people; only staff see them.
PERSONAL = frozenset(Offer.personal)


def geojson(reading: Reading, feature: Feature) -> dict[str, Any]:
    """A GeoJSON feature in degrees whose properties are the card, ready to be shown."""
    return {
        "type": "Feature",
        "id": str(feature.id),
        "geometry": feature.geometry,
        "properties": {
            "layer": feature.layer.key,
            "layerTitle": feature.layer.title,
            "title": title(feature),
            "status": status(feature),
            "rows": rows(feature),
            "notice": notice(feature),
            "related": related(reading.catalogue, feature),
            "at": feature.lnglat,
            "coordinates": coordinates(feature),
            "data": data(reading, feature),
            "page": page(reading, feature),
            "history": reverse("history-page", args=[feature.layer.registry, feature.id]) if reading.is_open else "",
        },
    }


def data(reading: Reading, feature: Feature) -> str:
    query = {"f": "json", **({"datetime": reading.at} if reading.when else {})}
    return f"/ogc/collections/{feature.layer.key}/items/{feature.id}?{urlencode(query)}"


def page(reading: Reading, feature: Feature) -> str:
    """The address of the plot's own page, on the day that is shown; empty for whatever has none."""
    if feature.layer.key != "plots":
        return ""
    code = feature.values["code"]
    is_alone = Plot.objects.filter(code=code).count() == 1
    return addresses.path(code, "" if is_alone else feature.values["zone"], at=reading.at)


def title(feature: Feature) -> str:
    return next((str(text) for name in TITLES if (text := in_language(feature, name))), "")


def in_language(feature: Feature, name: str) -> Any:
    """The value of `name`, in English where there is an English one and English is read."""
    english = feature.values.get(name + ENGLISH) if get_language() == "en" else None
    return english or feature.values.get(name)


def status(feature: Feature) -> dict[str, str] | None:
    """The status by which a plot is coloured on the map."""
    column = feature.layer.column("status")
    if feature.layer.key not in STATUS_LAYERS or column is None:
        return None
    code = str(feature.values["status"])
    return {"code": code, "label": values.label(feature.layer, "status", code)}


def rows(feature: Feature) -> list[dict[str, str]]:
    """What is known, in the order of the catalogue; the title and the status stand above already."""
    names = {column.name for column in feature.layer.columns}
    above = {next((name for name in TITLES if feature.values.get(name)), "")}
    if status(feature):
        above.add("status")
    found = []
    for column in feature.layer.columns:
        twin = column.name.endswith(ENGLISH) and column.name.removesuffix(ENGLISH) in names
        is_left = feature.layer.key == "plots" and column.name not in ESSENTIAL
        text = "" if twin or is_left else values.shown(feature.layer, column, in_language(feature, column.name))
        text = zone_name(text) if column.name == "zone" else text
        if text and column.name not in above:
            found.append({"name": column.name, "label": label(column), "value": text})
    return found


def notice(feature: Feature) -> str:
    """What the operator of the network says of its data, such as that nobody may dig by it."""
    if not feature.layer.per_network:
        return ""
    network = Network.objects.filter(name=feature.values["network"]).first()
    if network is None:
        return ""
    return values.in_language(network, "disclaimer")


def zone_name(code: str) -> str:
    """Published columns name a zone by its code, which says nothing to people."""
    zone = Zone.objects.filter(code=code).first()
    return values.in_language(zone, "name") if zone else code


def label(column: Column) -> str:
    """The column's title as a heading; a unit in brackets is left to the value, which carries it."""
    text = UNIT_IN_TITLE.sub("", column.title) if column.unit else column.title
    return text[:1].upper() + text[1:]


def related(catalogue: Catalogue, feature: Feature) -> list[dict[str, Any]]:
    """The offers of a plot: nobody should have to click on the same place twice for them."""
    offers = catalogue.get("offers")
    if feature.layer.key != "plots" or offers is None:
        return []
    of_plot = sql.SQL("t.plot_id = {}").format(sql.Literal(feature.id))
    found = features(Query(layer=offers, reader=catalogue.reader), of_plot)
    return [{"title": _("Offer"), "rows": offer_rows(offer)} for offer in found]


def offer_rows(offer: Feature) -> list[dict[str, str]]:
    """Price, currency and basis are one statement: 38.50 EUR per m²."""
    named = {row["name"]: row for row in rows(offer)}
    if "price" in named:
        price = number_format(f"{offer.values['price']:.2f}", 2, force_grouping=True)
        named["price"]["value"] = " ".join([price, named["currency"]["value"], named["basis"]["value"]])
    return [row for name, row in named.items() if name not in {"plot", "currency", "basis"}]


def coordinates(feature: Feature) -> list[dict[str, str]]:
    """A place of the feature in the registry's CRS and in degrees, to be copied."""
    east, north = feature.anchor
    lng, lat = feature.lnglat
    plane = f"{north:.2f} {east:.2f}"
    return [
        {"label": _("EPSG:%(srid)s (north, east)") % {"srid": settings.REGISTRY_SRID}, "value": plane},
        {"label": _("EPSG:4326 (latitude, longitude)"), "value": f"{lat:.7f} {lng:.7f}"},
    ]
