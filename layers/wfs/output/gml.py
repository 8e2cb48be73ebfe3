"""GetFeature's answer as GML, each feature's text made in SQL: 3.2 in the collection of WFS 2.0 (OGC 09-025r2, 11.3;
OGC 07-036), 3.1.1 in that of 1.1 (OGC 04-094, 9.3), 2.1.2 in that of 1.0 (OGC 02-058, 9.3; OGC 02-069).

Texts hardly ever hold what XML must have escaped, so one look at all of a row's texts decides whether they are escaped
at all: that halves the time of a download.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from xml.sax.saxutils import quoteattr

from psycopg import sql

from layers.crs import Reference
from layers.layer import FORBIDDEN, Column
from layers.query import Query, feature_id, geometry
from layers.wfs.links import Links
from layers.wfs.names import GEOMETRY, NAMESPACE, PREFIX, XSI
from layers.wfs.output.dialects import GML2, GML31, GML32, Dialect
from layers.wfs.output.found import Found, Member, Result
from layers.wfs.output.page import Page, now
from layers.wfs.output.repeated import Once, may_repeat

# Characters that XML forbids or must escape, or that would break a line of `COPY`.
SPECIAL = "[&<>\x01-\x1f\ufffe\uffff]"
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\n", "&#10;"), ("\r", "&#13;"))
# PostgreSQL's functions take a hundred arguments at most.
ARGUMENTS = 90
# Options of ST_AsGML: no srsDimension, LineString instead of Curve, y before x.
NO_DIMENSION, LINE_STRING, FLIPPED = 2, 4, 16
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def item(member: Member, dialect: Dialect = GML32) -> sql.Composable:
    """SQL of one member of a collection."""
    return wrapped(dialect.member, element(member, dialect))


def wrapped(name: str, content: sql.Composable) -> sql.Composable:
    return sql.SQL("{} || {} || {}").format(sql.Literal(f"<{name}>"), content, sql.Literal(f"</{name}>"))


def alone(member: Member, links: Links, dialect: Dialect = GML32) -> sql.Composable:
    """SQL of one feature that is a document of its own, as GetFeatureById answers."""
    attributes = f" {namespaces(dialect)} {schema_location([member], links, dialect)}"
    return sql.SQL("{} || {}").format(sql.Literal(DECLARATION.strip()), element(member, dialect, attributes))


def element(member: Member, dialect: Dialect, attributes: str = "") -> sql.Composable:
    """SQL of the feature itself; `attributes` are those of a document's root."""
    query, name = member.query, f"{PREFIX}:{member.query.layer.key}"
    return sql.SQL("{start} || {id} || '\">' || {standard} || {shape} || {values} || {end}").format(
        start=sql.Literal(f'<{name}{attributes} {dialect.id}="'),
        id=feature_id(query),
        standard=standard(dialect) if member.with_standard else sql.SQL("''"),
        shape=geometry_property(query, member.reference, dialect) if member.with_geometry else sql.SQL("''"),
        values=values(member.columns),
        end=sql.Literal(f"</{name}>"),
    )


def standard(dialect: Dialect) -> sql.Composable:
    """What GML knows of every feature, before all that is ours; hardly any has it."""
    description, name = (
        wrapped(f"gml:{one}", escaped(sql.SQL("(t.standard_properties ->> {})").format(sql.Literal(f"gml:{one}"))))
        for one in ("description", "name")
    )
    code_space = sql.SQL("coalesce(t.standard_properties ->> 'gml:identifier@codeSpace', {})").format(
        sql.Literal(NAMESPACE)
    )
    identifier = sql.SQL(
        "'<gml:identifier codeSpace=\"' || replace({}, '\"', '&quot;') || '\">' || {} || '</gml:identifier>'"
    ).format(escaped(code_space), escaped(sql.SQL("(t.standard_properties ->> 'gml:identifier')")))
    parts = [description, identifier, name] if dialect is GML32 else [description, name]
    return sql.SQL("CASE WHEN t.standard_properties <> '{{}}' THEN {} ELSE '' END").format(joined(parts))


def geometry_property(query: Query, reference: Reference, dialect: Dialect) -> sql.Composable:
    name = f"{PREFIX}:{GEOMETRY}"
    numbered = dialect.has_geometry_ids and query.layer.geometry == "MultiPolygon"
    shape = numbered_parts(query, reference, dialect) if numbered else whole(query, reference, dialect)
    return sql.SQL("coalesce({}, '')").format(wrapped(name, shape))


def geometry_id(query: Query) -> sql.Composable:
    return sql.SQL("({} || t.id || '.geom')").format(sql.Literal(f"{query.layer.key}."))


def as_gml(geom: sql.Composable, reference: Reference, dialect: Dialect) -> sql.Composable:
    """SQL of the geometry's text without srsName, of which PostGIS knows but two."""
    options = NO_DIMENSION + LINE_STRING + (FLIPPED if dialect.is_flipped(reference) else 0)
    return sql.SQL("ST_AsGML({}, ST_SetSRID({}, 0), {}, {}, 'gml')").format(
        sql.Literal(dialect.number), geom, sql.Literal(reference.decimals), sql.Literal(options)
    )


def start(query: Query, reference: Reference, dialect: Dialect) -> sql.Composable:
    """SQL of the tag that a geometry begins with, up to where its own `>` follows.

    Heights, which none of the systems counts on, are told beside srsName (ISO 19136, 10.1.3.2); in GML 2 they count
    themselves.
    """
    name = f"<{dialect.elements[query.layer.geometry]} srsName={quoteattr(dialect.srs_name(reference))}"
    if dialect.number == 2:
        return sql.Literal(name)
    high = sql.SQL("CASE WHEN ST_NDims({}) = 3 THEN {} ELSE {} END").format(
        query.layer.geom, sql.Literal(f'{name} srsDimension="3"'), sql.Literal(name)
    )
    if not dialect.has_geometry_ids:
        return high
    return sql.SQL("{} || ' gml:id=\"' || {} || '\"'").format(high, geometry_id(query))


def whole(query: Query, reference: Reference, dialect: Dialect) -> sql.Composable:
    """What PostGIS writes, with a start of our own."""
    return sql.SQL("{start} || substr({text}, {after})").format(
        start=start(query, reference, dialect),
        text=as_gml(geometry(query, reference.srid), reference, dialect),
        after=sql.Literal(len(f"<{dialect.elements[query.layer.geometry]}") + 1),
    )


def numbered_parts(query: Query, reference: Reference, dialect: Dialect) -> sql.Composable:
    """An area whose parts have the identifiers that GML 3.2 wants of each: PostGIS gives all the same."""
    return sql.SQL(
        "{start} || '>' || (SELECT string_agg('<gml:surfaceMember><gml:Polygon gml:id=\"' || {id} || '.' || "
        "part.path[1] || '\"' || substr({text}, {after}) || '</gml:surfaceMember>', '' ORDER BY part.path[1]) "
        "FROM ST_Dump({geom}) part) || '</gml:MultiSurface>'"
    ).format(
        start=start(query, reference, dialect),
        id=geometry_id(query),
        text=as_gml(sql.SQL("part.geom"), reference, dialect),
        after=sql.Literal(len("<gml:Polygon") + 1),
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
    if column.type == "datetime":
        expression = sql.SQL("trim(both '\"' from to_json({})::text)").format(expression)
    return wrapped(f"{PREFIX}:{column.name}", sql.SQL("({})").format(expression))


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


def namespaces(dialect: Dialect) -> str:
    return f'xmlns:wfs="{dialect.wfs}" xmlns:gml="{dialect.gml}" xmlns:{PREFIX}="{NAMESPACE}" xmlns:xsi="{XSI}"'


def schema_location(members: Sequence[Member], links: Links, dialect: Dialect) -> str:
    describe = links.describe(dict.fromkeys(member.query.layer.key for member in members), dialect.version)
    pairs = (dialect.wfs, dialect.wfs_schema, dialect.gml, dialect.gml_schema, NAMESPACE, describe)
    return f"xsi:schemaLocation={quoteattr(' '.join(pairs))}"


def write(found: Found, dialect: Dialect = GML32) -> Generator[bytes, None, None]:
    """The collection; its head goes with the first features: if the database fails at once, no byte has been sent."""
    members = [member for result in found.results for member in result.members]
    head = (
        f"{DECLARATION}<wfs:FeatureCollection {namespaces(dialect)} {schema_location(members, found.links, dialect)}"
        f"{counts(found, dialect)}>{dialect.head}\n"
    )
    content = collections(found) if dialect is GML32 and len(found.results) > 1 else features(found, dialect)
    with closing(content):
        yield head.encode() + next(content, b"")
        yield from content
    yield b"</wfs:FeatureCollection>\n"


def counts(found: Found, dialect: Dialect) -> str:
    """The attributes of a collection: when it was made, how many there are, where the neighbours are, which lock."""
    lock = f" lockId={quoteattr(found.lock_id)}" if found.lock_id else ""
    if dialect is GML2:
        return lock
    if dialect is GML31:
        number = found.page.matched if found.hits else found.page.returned
        return f' timeStamp="{now()}" numberOfFeatures="{number}"{lock}'
    return numbers(found.page) + neighbours(found.page) + lock


def numbers(page: Page) -> str:
    return f' timeStamp="{now()}" numberMatched="{page.matched}" numberReturned="{page.returned}"'


def neighbours(page: Page) -> str:
    ends = {"next": page.next, "previous": page.previous}
    return "".join(f" {name}={quoteattr(address)}" for name, address in ends.items() if address)


def features(found: Found, dialect: Dialect) -> Generator[bytes, None, None]:
    """The members of all results, one after another."""
    rows = writer(found, dialect)
    for result in found.results:
        with closing(rows(result)) as blocks:
            yield from blocks


def collections(found: Found) -> Generator[bytes, None, None]:
    """A collection for each result (OGC 09-025r2, 11.3.3.5)."""
    rows = writer(found, GML32)
    for result in found.results:
        yield f"<wfs:member><wfs:FeatureCollection{numbers(result.page)}>\n".encode()
        with closing(rows(result)) as blocks:
            yield from blocks
        yield b"</wfs:FeatureCollection></wfs:member>\n"


def writer(found: Found, dialect: Dialect) -> Callable[[Result], Generator[bytes, None, None]]:
    """How the rows of a result are written: as the database gives them, if no feature can come twice."""
    if may_repeat(found):
        return Once(dialect.member, lambda member: item(member, dialect)).rows
    return lambda result: result.rows([item(member, dialect) for member in result.members])
