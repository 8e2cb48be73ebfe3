"""The one table of what features are written as: by which names, in which versions, by whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils.translation import gettext as _
from psycopg import sql

from layers.wfs import names
from layers.wfs.exceptions import OptionNotServed
from layers.wfs.links import Links
from layers.wfs.output import csv, files, geojson, gml
from layers.wfs.output.dialects import GML2, GML31, GML32, Dialect
from layers.wfs.output.found import Found, Member, Result
from layers.wfs.requests import Version
from layers.wfs.versions import VERSIONS
from registries.core.errors import BadInput
from registries.exchange import export


@dataclass(frozen=True)
class Format:
    """`names` are what clients call it, by the versions that serve it; the first is the one that is declared.

    `write` streams a whole answer and is read to its end within one snapshot; `alone` is the SQL of one feature that is
    a document of its own, None where the format has only collections. `dialect`: the GML that it is, if it is one.
    `lon_lat`: coordinates are longitude and latitude unless another system is asked for. `suffix` is that of the file
    name, told for formats that people save. `most` is how many results it holds, `has_joins` whether tuples.
    """

    media_type: str
    names: Mapping[Version, tuple[str, ...]]
    write: Callable[[Found], Generator[bytes, None, None]]
    alone: Callable[[Member, Links], sql.Composable] | None = None
    dialect: Dialect | None = None
    lon_lat: bool = False
    suffix: str = ""
    most: int = 100
    has_joins: bool = False

    def require(self, results: tuple[Result, ...]) -> None:
        """Raises OptionNotServed for what the format cannot hold; to be asked before the answer begins."""
        if any(result.is_join for result in results) and not self.has_joins:
            raise OptionNotServed(_("Joined features are served in GML 3.2 only."), locator="outputFormat")
        if len(results) > self.most:
            raise OptionNotServed(_("This format holds one feature type at a time."), locator="outputFormat")

    def file_name(self, results: tuple[Result, ...], day: date) -> str:
        """What the answer is saved as: the feature types and the day; empty for formats that are read at once."""
        if not self.suffix:
            return ""
        keys = dict.fromkeys(member.query.layer.key for result in results for member in result.members)
        return f"{'-'.join(keys)[:100]}-{day.isoformat()}{self.suffix}"


# What names the GML that a version carries by itself (OGC 02-058 and 04-094, 8; OGC 09-025r2, 9).
ANY_GML = ("gml", "text/xml", "application/xml", "application/gml+xml", "xmlschema")


def called(media_type: str, short: str, *others: str, dialect: Dialect | None = None) -> dict[Version, tuple[str, ...]]:
    """The names by version. 1.0.0 declares formats as elements, so that they must be names of XML."""
    found: dict[Version, tuple[str, ...]] = {
        version: (short, media_type, *others) if version == "1.0.0" else (media_type, short, *others)
        for version in VERSIONS
    }
    if dialect:
        found[dialect.version] += ANY_GML
    return found


def gml_format(dialect: Dialect, media_type: str, short: str, *others: str) -> Format:
    return Format(
        media_type,
        called(media_type, short, *others, dialect=dialect),
        partial(gml.write, dialect=dialect),
        partial(gml.alone, dialect=dialect),
        dialect,
        has_joins=dialect is GML32,
    )


def file_format(form: export.Form, short: str, *others: str) -> Format:
    return Format(
        form.media_type, called(form.media_type, short, *others), partial(files.write, form=form), suffix=form.suffix
    )


FORMATS: tuple[Format, ...] = (
    gml_format(
        GML32,
        names.GML_TYPE,
        "GML32",
        "text/xml; subtype=gml/3.2",
        "text/xml; subtype=gml/3.2.1",
        "application/gml+xml; version=3.2.1",
        "gml3.2",
    ),
    gml_format(
        GML31,
        "text/xml; subtype=gml/3.1.1",
        "GML3",
        "text/gml; subtype=gml/3.1.1",
        "text/xml; subtype=gml/3.1",
        "application/gml+xml; version=3.1",
        "application/gml+xml; version=3.1.1",
        "gml31",
    ),
    gml_format(
        GML2,
        "text/xml; subtype=gml/2.1.2",
        "GML2",
        "text/gml; subtype=gml/2.1.2",
        "text/xml; subtype=gml/2.1",
        "application/gml+xml; version=2.1",
        "application/gml+xml; version=2.1.2",
    ),
    Format(
        names.GEOJSON_TYPE,
        called(names.GEOJSON_TYPE, "GEOJSON", "application/json", "application/vnd.geo+json", "json"),
        geojson.write,
        geojson.alone,
        lon_lat=True,
    ),
    Format("text/csv; charset=utf-8", called("text/csv", "CSV"), csv.write, suffix=".csv", most=1),
    file_format(export.GEOPACKAGE, "GPKG", "application/x-gpkg", "geopackage"),
    file_format(export.SHAPEFILE, "SHAPE-ZIP", "shapefile", "shp"),
)


def of_version(version: Version) -> list[Format]:
    """The formats that `version` serves; the first, its own GML, is what is sent when none is asked for."""
    return sorted(FORMATS, key=lambda one: one.dialect is None or one.dialect.version != version)


def format_of(name: str, version: Version) -> Format:
    """The format that a request names, or the version's own for no name; BadInput for a name that is not served."""
    return chosen(name, version, of_version(version))


def schema_format_of(name: str, version: Version) -> Format:
    """The GML whose schema a request names."""
    return chosen(name, version, [one for one in of_version(version) if one.dialect])


def chosen(name: str, version: Version, served: Sequence[Format]) -> Format:
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
