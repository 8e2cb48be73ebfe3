"""What a client sends as a feature: GeoJSON (RFC 7946) or a merge patch of it (RFC 7396), read strictly.

A position's order of axes is that of the reference system named by `Content-Crs` (OGC 20-002r1, 9.5), which is
longitude and latitude where nothing is named.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

from django.contrib.gis.geos import (
    GEOSException,
    GEOSGeometry,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
)
from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.crs import Reference
from layers.features.answers import UnknownMediaType
from layers.features.formats import GEOJSON, JSON
from layers.features.parameters import system
from registries.core.errors import BadInput, InvalidGeometry

WHOLE = (GEOJSON, JSON, "application/vnd.geo+json")
PATCH = ("application/merge-patch+json",)
# More than one request may add; a collection of more is sent in parts.
MOST_FEATURES = 10_000
HALVES = re.compile(r"\\u[dD][89a-fA-F]")
Object = dict[str, Any]


def reference(request: HttpRequest) -> Reference:
    return system(request.headers.get("Content-Crs", ""), "Content-Crs")


def document(request: HttpRequest, types: tuple[str, ...]) -> Object:
    """The body as a JSON object; raises UnknownMediaType and BadInput."""
    encoding = request.headers.get("Content-Encoding", "identity")
    if request.content_type not in types or encoding.lower() != "identity":
        raise UnknownMediaType(locator="Content-Type", hint=_("Use one of: %(names)s.") % {"names": ", ".join(types)})
    try:
        text = request.body.decode("utf-8")
        found = json.loads(text, parse_constant=_not_a_number)
        if HALVES.search(text):
            # Half of a pair is no character and cannot be told back (RFC 8259, 8.2).
            json.dumps(found, ensure_ascii=False).encode()
    # Numbers of thousands of digits and structures of thousands of levels are refused by Python itself.
    except (ValueError, RecursionError) as error:
        raise BadInput(_("The body is not JSON."), locator="body") from error
    return an_object(found, "body")


def _not_a_number(name: str) -> None:
    raise ValueError(name)


def an_object(found: Any, locator: str) -> Object:
    if not isinstance(found, dict):
        raise BadInput(_("“%(name)s” is not a JSON object.") % {"name": locator}, locator=locator)
    return found


def features(request: HttpRequest) -> tuple[list[Object], bool]:
    """The features of a body, and whether it is a collection of them."""
    body = document(request, WHOLE)
    if body.get("type") != "FeatureCollection":
        return [a_feature(body)], False
    members = body.get("features")
    if not isinstance(members, list) or not 0 < len(members) <= MOST_FEATURES:
        message = _("A collection of features has 1 to %(most)d of them.") % {"most": MOST_FEATURES}
        raise BadInput(message, locator="features")
    return [a_feature(an_object(member, f"features/{place}")) for place, member in enumerate(members)], True


def a_feature(body: Object) -> Object:
    if body.get("type") != "Feature":
        raise BadInput(_("The body is neither a GeoJSON feature nor a collection of them."), locator="type")
    an_object(body.get("properties") or {}, "properties")
    return body


def properties(body: Object) -> Object:
    return dict(body.get("properties") or {})


def geometry(found: Any, reference: Reference) -> GEOSGeometry:
    """The geometry with its SRID, x to the east. Raises InvalidGeometry."""
    shape = an_object(found, "geometry")
    build = KINDS.get(str(shape.get("type")))
    if build is None:
        kinds = ", ".join(KINDS)
        raise InvalidGeometry(
            _("The type of the geometry is not known."),
            locator="geometry",
            hint=_("Use one of: %(names)s.") % {"names": kinds},
        )
    try:
        geom = build(shape.get("coordinates"), reference.flipped)
    except (GEOSException, ValueError, TypeError, OverflowError) as error:
        raise InvalidGeometry(
            _("The coordinates of the geometry cannot be read."),
            locator="geometry",
            hint=_("Positions have two or three numbers, all of one geometry alike; rings are closed."),
        ) from error
    geom.srid = reference.srid
    return geom


def position(found: Any, flipped: bool) -> tuple[float, ...]:
    """Two or three finite numbers; more are passed over (RFC 7946, 3.1.1)."""
    if not isinstance(found, list) or len(found) < 2:
        raise ValueError("no position")
    if any(isinstance(number, bool) or not isinstance(number, int | float) for number in found):
        raise ValueError("not numbers")
    x, y, *rest = (float(number) for number in found[:3])
    place = (y, x, *rest) if flipped else (x, y, *rest)
    if not all(math.isfinite(number) for number in place):
        raise ValueError("not finite")
    return place


def _line(found: Any, flipped: bool) -> list[tuple[float, ...]]:
    places = [position(one, flipped) for one in _list(found)]
    if len({len(place) for place in places}) > 1:
        raise ValueError("some positions have a height")
    return places


def _list(found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise TypeError("no list")
    return found


def _polygon(found: Any, flipped: bool) -> Polygon:
    return Polygon(*(_line(ring, flipped) for ring in _list(found)))


def _multi_line(found: Any, flipped: bool) -> MultiLineString:
    return MultiLineString([LineString(_line(one, flipped)) for one in _list(found)])


KINDS: dict[str, Callable[[Any, bool], GEOSGeometry]] = {
    "Point": lambda found, flipped: Point(*position(found, flipped)),
    "LineString": lambda found, flipped: LineString(_line(found, flipped)),
    "Polygon": _polygon,
    "MultiPoint": lambda found, flipped: MultiPoint([Point(*place) for place in _line(found, flipped)]),
    "MultiLineString": _multi_line,
    "MultiPolygon": lambda found, flipped: MultiPolygon([_polygon(one, flipped) for one in _list(found)]),
}
