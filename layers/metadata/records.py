"""One record for each layer: what it is, where, since when, on what terms, and where it is had. ISO 19139 and DCAT are
written from it alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override
from psycopg import sql

from layers.catalogue import Catalogue
from layers.crs import Bounds
from layers.known import extent_of, keep, key_of
from layers.layer import Layer
from layers.metadata.subjects import Subject, subject_of
from layers.query import Query, where
from registries.core.models import Audience

# What the services call their data sets, too (OGC API, WFS): INSPIRE joins services and data by it.
NAMESPACE = "urn:gis-portal:registry"
LANGUAGES = {"bg": "bul", "en": "eng"}
_revised: dict[tuple[object, ...], date | None] = {}
Absolute = Callable[[str], str]


@dataclass(frozen=True)
class Link:
    """A way to have the data: through a service (`protocol`), or as a file (`media_type`, `file_type`)."""

    href: str
    title: str
    protocol: str
    media_type: str = ""
    file_type: str = ""


@dataclass(frozen=True)
class Record:
    """Of one layer as its reader sees it; `absolute` makes a path an address."""

    catalogue: Catalogue
    layer: Layer
    absolute: Absolute

    @property
    def key(self) -> str:
        return self.layer.key

    @property
    def address(self) -> str:
        """Of the record itself."""
        return self.absolute(reverse("metadata:iso", args=[self.key]))

    @property
    def identifier(self) -> str:
        """Of the record among those of all installations."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, self.address))

    @property
    def subject(self) -> Subject:
        return subject_of(self.layer)

    @property
    def is_public(self) -> bool:
        return self.layer.audience == Audience.PUBLIC

    @cached_property
    def bounds(self) -> Bounds:
        """West, south, east, north in degrees."""
        return extent_of(self.catalogue, self.layer)

    @cached_property
    def revised(self) -> date | None:
        """The day since which what is published is as it is; None for an empty layer."""
        key = key_of(self.layer, self.catalogue.reader, self.catalogue.revision(self.layer))
        if key not in _revised:
            keep(_revised, key, youngest(Query(layer=self.layer, reader=self.catalogue.reader)))
        return _revised[key]

    @property
    def title(self) -> str:
        return self.layer.title

    @property
    def abstract(self) -> str:
        """In the active language; never empty, because catalogues refuse records without one."""
        words = [self.layer.abstract or described(self.layer)]
        if settings.SYNTHETIC_DATA:
            words.append(_("The content is invented, for demonstration."))
        return " ".join(words)

    def in_each_language(self, name: str) -> dict[str, str]:
        """The text `name` by language."""
        found = {}
        for language in LANGUAGES:
            with override(language):
                found[language] = str(getattr(self, name))
        return found

    @property
    def links(self) -> list[Link]:
        return list(links_of(self.layer, self.absolute))


def described(layer: Layer) -> str:
    titles = ", ".join(column.title for column in layer.columns)
    return _("%(title)s, as published in the registry of the industrial zone. Attributes: %(columns)s.") % {
        "title": layer.title,
        "columns": titles,
    }


def lineage() -> str:
    return _(
        "Kept in the registry of the industrial zone: each change is checked by rules, approved by a second person and"
        " published at once, and every version is kept. How a place was surveyed is told with each feature."
    )


def youngest(query: Query) -> date | None:
    statement = sql.SQL("SELECT max(t.begin_lifespan_version) FROM {} WHERE {}").format(query.layer.rows, where(query))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        (found,) = cursor.fetchone()
    return localdate(found) if found else None


def links_of(layer: Layer, absolute: Absolute) -> Iterator[Link]:
    """The services that serve the layer, then whole downloads."""
    wfs, wms = absolute(reverse("wfs")), absolute(reverse("maps:wms"))
    yield Link(capabilities(wfs, "WFS"), "WFS", "OGC:WFS")
    yield Link(absolute(reverse("ogc:collection", args=[layer.key])), "OGC API – Features", "OGC API - Features")
    yield Link(capabilities(wms, "WMS"), "WMS", "OGC:WMS")
    yield Link(absolute(reverse("maps:wmts_capabilities")), "WMTS", "OGC:WMTS")
    for title, form, media_type, file_type in FILES:
        yield Link(file_address(wfs, layer, form), title, "WWW:DOWNLOAD-1.0-http--download", media_type, file_type)


FILES = (
    ("GeoJSON", "application/geo+json", "application/geo+json", "GEOJSON"),
    ("GML 3.2", "application/gml+xml; version=3.2", "application/gml+xml", "GML"),
    ("GeoPackage", "GPKG", "application/geopackage+sqlite3", "GPKG"),
    ("Shapefile", "SHAPE-ZIP", "application/zip", "SHP"),
    ("CSV", "CSV", "text/csv", "CSV"),
)


def capabilities(address: str, service: str) -> str:
    return f"{address}?{urlencode({'service': service, 'request': 'GetCapabilities'})}"


def file_address(wfs: str, layer: Layer, form: str) -> str:
    pairs = {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": f"zone:{layer.key}",
        "outputFormat": form,
    }
    return f"{wfs}?{urlencode(pairs)}"
