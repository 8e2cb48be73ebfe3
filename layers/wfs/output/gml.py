"""GetFeature's answer as GML 3.2, each feature's text made in SQL (OGC 09-025r2, 11.3; OGC 07-036).

Texts hardly ever hold what XML must have escaped, so one look at all of a row's texts decides whether they are escaped
at all: that halves the time of a download.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import quoteattr

from psycopg import sql

from layers.crs import Reference
from layers.layer import Column
from layers.query import Query, feature_id, geometry
from layers.wfs.names import (
    GEOMETRY,
    GML,
    GML_SCHEMA,
    NAMESPACE,
    PREFIX,
    WFS,
    WFS_SCHEMA,
    XSI,
)
from layers.wfs.output.page import Page, now

# Characters that XML 1.0 forbids, then those that it must escape or that would break a line of `COPY`.
FORBIDDEN = "".join(map(chr, [*range(1, 9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]))
SPECIAL = "[&<>\x01-\x1f\ufffe\uffff]"
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\n", "&#10;"), ("\r", "&#13;"))
# PostgreSQL's functions take a hundred arguments at most.
ARGUMENTS = 90
# Options of ST_AsGML: the URN as srsName, no srsDimension, LineString instead of Curve, y before x.
URN, NO_DIMENSION, LINE_STRING, FLIPPED = 1, 2, 4, 16

NAMESPACES = f'xmlns:wfs="{WFS}" xmlns:gml="{GML}" xmlns:{PREFIX}="{NAMESPACE}" xmlns:xsi="{XSI}"'
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def item(query: Query, reference: Reference, columns: Sequence[Column], with_geometry: bool) -> sql.Composable:
    """SQL of one member of a collection."""
    feature = element(query, reference, columns, with_geometry, "")
    return sql.SQL("'<wfs:member>' || {} || '</wfs:member>'").format(feature)


def alone(
    query: Query, reference: Reference, columns: Sequence[Column], with_geometry: bool, describe_url: str
) -> sql.Composable:
    """SQL of one feature that is a document of its own, as GetFeatureById answers."""
    attributes = f" {NAMESPACES} {schema_location(describe_url)}"
    feature = element(query, reference, columns, with_geometry, attributes)
    return sql.SQL("{} || {}").format(sql.Literal(DECLARATION.strip()), feature)


def element(
    query: Query, reference: Reference, columns: Sequence[Column], with_geometry: bool, attributes: str
) -> sql.Composable:
    name = f"{PREFIX}:{query.layer.key}"
    return sql.SQL("{start} || {id} || '\">' || {shape} || {values} || {end}").format(
        start=sql.Literal(f'<{name}{attributes} gml:id="'),
        id=feature_id(query),
        shape=geometry_property(query, reference) if with_geometry else sql.SQL("''"),
        values=values(columns),
        end=sql.Literal(f"</{name}>"),
    )


def geometry_property(query: Query, reference: Reference) -> sql.Composable:
    name = f"{PREFIX}:{GEOMETRY}"
    shape = multi_surface if query.layer.geometry == "MultiPolygon" else simple
    return sql.SQL("coalesce({} || {} || {}, '')").format(
        sql.Literal(f"<{name}>"), shape(query, reference), sql.Literal(f"</{name}>")
    )


def geometry_id(query: Query) -> sql.Composable:
    return sql.SQL("({} || t.id || '.geom')").format(sql.Literal(f"{query.layer.key}."))


def as_gml(geom: sql.Composable, reference: Reference, id: sql.Composable) -> sql.Composable:
    options = NO_DIMENSION + LINE_STRING + (URN if is_urn(reference) else 0) + (FLIPPED if reference.flipped else 0)
    return sql.SQL("ST_AsGML(3, {}, {}, {}, 'gml', {})").format(
        geom, sql.Literal(reference.decimals), sql.Literal(options), id
    )


def is_urn(reference: Reference) -> bool:
    """CRS84 has no SRID of its own: it is written as EPSG:4326, which means the same order."""
    return reference.is_authority and not reference.lon_lat


def simple(query: Query, reference: Reference) -> sql.Composable:
    """A point or line. Heights, which none of the systems counts on, are told beside srsName (ISO 19136, 10.1.3.2)."""
    flat = as_gml(geometry(query, reference.srid), reference, geometry_id(query))
    high = sql.SQL("replace({}, ' gml:id=', ' srsDimension=\"3\" gml:id=')").format(flat)
    return sql.SQL("CASE WHEN ST_NDims({}) = 3 THEN {} ELSE {} END").format(query.layer.geom, high, flat)


def multi_surface(query: Query, reference: Reference) -> sql.Composable:
    """ST_AsGML gives the parts the identifier of the whole, which XML does not allow: the parts are numbered here."""
    srs_name = reference.urn if is_urn(reference) else f"EPSG:{reference.srid}"
    part_id = sql.SQL("{} || '.' || part.path[1]").format(geometry_id(query))
    return sql.SQL(
        "'<gml:MultiSurface gml:id=\"' || {id} || {srs_name} || (SELECT string_agg('<gml:surfaceMember>' || {part} || "
        "'</gml:surfaceMember>', '' ORDER BY part.path[1]) FROM ST_Dump({geom}) part) || '</gml:MultiSurface>'"
    ).format(
        id=geometry_id(query),
        srs_name=sql.Literal(f'" srsName="{srs_name}">'),
        part=as_gml(sql.SQL("part.geom"), reference, part_id),
        geom=geometry(query, reference.srid),
    )


def values(columns: Sequence[Column]) -> sql.Composable:
    """The elements of all columns; NULL has no element."""
    plain = joined([value(column, column.expression) for column in columns])
    texts = [column.expression for column in columns if column.type == "text"]
    if not texts:
        return plain
    careful = joined(
        [
            value(column, escaped(column.expression) if column.type == "text" else column.expression)
            for column in columns
        ]
    )
    return sql.SQL('(CASE WHEN {} ~ {} COLLATE "C" THEN {} ELSE {} END)').format(
        joined(texts), sql.Literal(SPECIAL), careful, plain
    )


def value(column: Column, expression: sql.Composable) -> sql.Composable:
    name = f"{PREFIX}:{column.name}"
    if column.type == "datetime":
        expression = sql.SQL("trim(both '\"' from to_json({})::text)").format(expression)
    return sql.SQL("{} || ({}) || {}").format(sql.Literal(f"<{name}>"), expression, sql.Literal(f"</{name}>"))


def escaped(expression: sql.Composable) -> sql.Composable:
    text = sql.SQL("translate({}, {}, '')").format(expression, sql.Literal(FORBIDDEN))
    for character, replacement in ESCAPES:
        text = sql.SQL("replace({}, {}, {})").format(text, sql.Literal(character), sql.Literal(replacement))
    return text


def joined(parts: Sequence[sql.Composable]) -> sql.Composable:
    """All parts in one text, without those that are NULL."""
    if len(parts) > ARGUMENTS:
        parts = [joined(parts[start : start + ARGUMENTS]) for start in range(0, len(parts), ARGUMENTS)]
    return sql.SQL("concat('', {})").format(sql.SQL(", ").join(parts)) if parts else sql.SQL("''")


def schema_location(describe_url: str) -> str:
    return f"xsi:schemaLocation={quoteattr(f'{WFS} {WFS_SCHEMA} {GML} {GML_SCHEMA} {NAMESPACE} {describe_url}')}"


def document(page: Page, describe_url: str, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The collection; its head goes with the first features: if the database fails at once, no byte has been sent."""
    ends = {"next": page.next, "previous": page.previous}
    links = "".join(f" {name}={quoteattr(address)}" for name, address in ends.items() if address)
    head = (
        f'{DECLARATION}<wfs:FeatureCollection {NAMESPACES} {schema_location(describe_url)} timeStamp="{now()}"'
        f' numberMatched="{page.matched}" numberReturned="{page.returned}"{links}>\n'
    )
    yield head.encode() + next(blocks, b"")
    yield from blocks
    yield b"</wfs:FeatureCollection>\n"
