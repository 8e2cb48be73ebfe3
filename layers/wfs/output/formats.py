"""The one table of what features are written as: by which names, in which versions, by whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from psycopg import sql

from layers.wfs import names
from layers.wfs.links import Links
from layers.wfs.output import geojson, gml
from layers.wfs.output.found import Found, Member
from layers.wfs.requests import Version
from registries.core.errors import BadInput


@dataclass(frozen=True)
class Format:
    """`names` are what clients call it, by the versions that serve it; the first is the one that is declared.

    `write` streams a whole answer and is read to its end within one snapshot; `alone` is the SQL of one feature that is
    a document of its own, None where the format has only collections. `lon_lat`: coordinates are longitude and
    latitude unless another system is asked for. `file_name` is told for formats that people save.
    """

    media_type: str
    names: Mapping[Version, tuple[str, ...]]
    write: Callable[[Found], Iterator[bytes]]
    alone: Callable[[Member, Links], sql.Composable] | None = None
    lon_lat: bool = False
    file_name: str = ""


# The first of each version is what is sent when none is asked for.
FORMATS: tuple[Format, ...] = (
    Format(
        names.GML_TYPE,
        {
            "2.0.0": (
                names.GML_TYPE,
                "text/xml; subtype=gml/3.2",
                "text/xml; subtype=gml/3.2.1",
                "gml32",
                "gml3.2",
                "gml",
            )
        },
        gml.write,
        gml.alone,
    ),
    Format(
        names.GEOJSON_TYPE,
        dict.fromkeys(
            ("2.0.0", "1.1.0", "1.0.0"),
            (names.GEOJSON_TYPE, "application/json", "application/vnd.geo+json", "geojson", "json"),
        ),
        geojson.write,
        geojson.alone,
        lon_lat=True,
    ),
)


def of_version(version: Version) -> list[Format]:
    return [one for one in FORMATS if version in one.names]


def format_of(name: str, version: Version) -> Format:
    """The format that a request names, or the version's own for no name; BadInput for a name that is not served."""
    served = of_version(version)
    if not name:
        return served[0]
    for one in served:
        if plain(name) in map(plain, one.names[version]):
            return one
    raise BadInput(
        _("The output format “%(name)s” is not served.") % {"name": name[:80]},
        locator="outputFormat",
        hint=_("Use one of: %(names)s.") % {"names": ", ".join(one.names[version][0] for one in served)},
    )


def plain(name: str) -> str:
    """Without blanks, case and the plus sign, which a query string that was not encoded turns into a blank."""
    return re.sub(r"[\s+]", "", name.lower())
