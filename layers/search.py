"""Finding by what people remember of a thing: cadastral number, plot code, name of a zone, label of a street or a pipe.

Tolerant, because numbers come from scanned deeds and telephones: spaces, commas and dashes don't count, Cyrillic
letters that look like Latin ones are the same letter, a number may be given by its last parts, a name with a slip of
the pen. Old cadastral numbers find today's parcels. Only what the reader may see is searched: every condition is joined
to the one that all protocols use.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from psycopg import sql

from layers.catalogue import Catalogue
from layers.layer import Layer
from layers.query import Query, where
from registries.land.models import Parcel, ParcelLineage
from registries.networks.models import Theme

LONGEST = 80
# Look-alikes become the Latin letter they look like, the others the one they sound like; both sides are folded, stored
# codes by the database's `search_key`.
FOLD = str.maketrans("АВЕКМНОРСТУХБГДЗИЙЛПФЦЧШЩЮЯЪЬЖ", "ABEKMHOPCTYXBGDZIJLPFCCSSUAAJZ")
# What separates the parts of a number, whoever wrote it.
SEPARATORS = " \t\u00a0.,;:/\\_–—-"
# So many of one layer, then the next layer gets its turn: the parcels of a street must not hide the street.
IN_A_ROW = 3
# Generations of splits and mergers that are followed from an old number.
GENERATIONS = 20


@dataclass(frozen=True)
class Searched:
    """How one layer is searched: `code` is compared folded, `names` also by likeness; all are SQL over the source.

    `title` names the hit, by default its code; `detail` stands beside it. `alike`: few enough for a test of likeness.
    """

    code: str
    names: tuple[str, ...] = ()
    detail: str = "NULL::text"
    title: str = ""
    alike: bool = True


LAND: dict[str, Searched] = {
    "plots": Searched("t.code", ("t.regulated_plot",), "(SELECT z.name FROM land_zone z WHERE z.id = t.zone_id)"),
    "parcels": Searched("t.national_cadastral_reference", ("t.address",), "t.address", alike=False),
    "zones": Searched("t.code", ("t.name", "t.name_en"), "t.municipality", title="t.name"),
    "buildings": Searched("t.national_cadastral_reference", ("t.name",), "t.name"),
}
NETWORK = "(SELECT n.name FROM networks_network n WHERE n.id = t.network_id)"
# Streets and railways have names. The labels of other assets are codes, and hundreds of thousands: an index of their
# beginnings answers while somebody types.
NAMED = Searched("t.label", ("t.label",), NETWORK)
LABELLED = Searched("t.label", (), NETWORK)
NAMED_THEMES = frozenset({Theme.ROAD, Theme.RAIL})
# What a pattern has before and after the code: the very code, its beginning, its end.
ENDS = (("", ""), ("", "%"), ("%", ""))


@dataclass(frozen=True)
class Hit:
    """`bounds` is west, south, east, north in degrees; `formerly` the old number by which a parcel was found."""

    layer: Layer
    id: UUID
    title: str
    detail: str
    bounds: tuple[float, float, float, float]
    formerly: str = ""


def fold(text: str) -> str:
    """In capital Latin letters without separators: `п-12`, `П 12` and `P12` are one code."""
    return "".join(letter for letter in text.upper().translate(FOLD) if letter not in SEPARATORS)


def number_parts(text: str) -> str:
    """The parts of a number joined by dots: `73626 , 510-12` is `73626.510.12`."""
    spaced = "".join(" " if letter in SEPARATORS else letter for letter in text.upper().translate(FOLD))
    return ".".join(spaced.split())


def search(catalogue: Catalogue, text: str, limit: int = 10) -> list[Hit]:
    """The best hits for `text`, exact ones first; nothing for fewer than two letters or digits."""
    text = text.replace("\x00", "").strip()[:LONGEST]
    if len(fold(text)) < 2:
        return []
    former = _former(catalogue, text, limit)
    very = [hit for hit in former if fold(hit.formerly) == fold(text)]
    found: dict[UUID, Hit] = {}
    for hit in [*very, *_direct(catalogue, text, limit), *former]:
        found.setdefault(hit.id, hit)
    return list(found.values())[:limit]


def _direct(catalogue: Catalogue, text: str, limit: int) -> list[Hit]:
    layers = [layer for layer in catalogue if layer.key in LAND or layer.per_network]
    parts = [_part(catalogue, number, layer, text, limit) for number, layer in enumerate(layers)]
    return _run(layers, parts, limit)


def _run(layers: list[Layer], parts: list[sql.Composable], limit: int) -> list[Hit]:
    if not parts:
        return []
    statement = sql.SQL(
        "SELECT number, id, title, coalesce(detail, ''), ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)"
        " FROM (SELECT hits.*, ST_Transform(ST_Envelope(geom), 4326) b,"
        " row_number() OVER (PARTITION BY number, rank ORDER BY title, id) - 1 AS place FROM ({}) hits) h"
        " ORDER BY rank, place / {}, number, place LIMIT {}"
    ).format(sql.SQL(" UNION ALL ").join(parts), sql.Literal(IN_A_ROW), sql.Literal(limit))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [
            Hit(layers[number], id, title, detail, (west, south, east, north))
            for number, id, title, detail, west, south, east, north in cursor.fetchall()
        ]


def _part(catalogue: Catalogue, number: int, layer: Layer, text: str, limit: int) -> sql.Composable:
    searched = how(layer)
    tests = _tests(searched, text)
    return sql.SQL(
        "(SELECT {number} AS number, t.id, {title} AS title, {detail} AS detail, {rank} AS rank, {geom} AS geom"
        " FROM {source} WHERE {where} AND ({hit}) ORDER BY rank, title, t.id LIMIT {limit})"
    ).format(
        number=sql.Literal(number),
        title=_title(searched),
        detail=sql.SQL(searched.detail),
        rank=_rank(tests),
        geom=layer.geom,
        source=layer.source,
        where=where(Query(layer=layer, reader=catalogue.reader)),
        # Written out, so that an index can answer it; the rank could not be looked up in one.
        hit=sql.SQL(" OR ").join(one for test in tests for one in test),
        limit=sql.Literal(limit),
    )


def how(layer: Layer) -> Searched:
    if layer.per_network:
        return NAMED if layer.theme in NAMED_THEMES else LABELLED
    return LAND[layer.key]


def _title(searched: Searched) -> sql.Composable:
    choices = [f"nullif({text}, '')" for text in (searched.title, searched.code, *searched.names) if text]
    return sql.SQL("coalesce({})").format(sql.SQL(", ").join(map(sql.SQL, choices)))


def _tests(searched: Searched, text: str) -> list[list[sql.Composable]]:
    """Conditions by rank: 0 the very code, 1 its beginning, 2 its end or a part of a name, 3 a name that is alike."""
    key = fold(text)
    folded = sql.SQL("public.search_key({})").format(sql.SQL(searched.code))
    names = [sql.SQL(name) for name in searched.names]
    code: list[sql.Composable] = [
        sql.SQL("{} LIKE {}").format(folded, sql.Literal(f"{before}{like(key)}{after}")) for before, after in ENDS
    ]
    if searched is LABELLED:
        return [code[:1], code[1:2]]
    part: list[sql.Composable] = [sql.SQL("{} ILIKE {}").format(name, sql.Literal(f"%{like(text)}%")) for name in names]
    alike: list[sql.Composable] = [
        sql.SQL("word_similarity({}, {}) > 0.6").format(sql.Literal(text), name) for name in names if searched.alike
    ]
    return [code[:1], code[1:2], [*code[2:], *part], alike]


def _rank(tests: list[list[sql.Composable]]) -> sql.Composable:
    whens = [
        sql.SQL("WHEN {} THEN {}").format(sql.SQL(" OR ").join(test), sql.Literal(rank))
        for rank, test in enumerate(tests)
        if test
    ]
    return sql.SQL("CASE {} END").format(sql.SQL(" ").join(whens))


def like(text: str) -> str:
    """`text` as itself inside a LIKE pattern."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _former(catalogue: Catalogue, text: str, limit: int) -> list[Hit]:
    """Today's parcels that came from a number that is no more."""
    layer = catalogue.get("parcels")
    today = descendants(number_parts(text)) if layer else {}
    if layer is None or not today:
        return []
    searched = LAND[layer.key]
    part = sql.SQL(
        "(SELECT 0 AS number, t.id, {title} AS title, {detail} AS detail, 0 AS rank, {geom} AS geom"
        " FROM {source} WHERE {where})"
    ).format(
        title=_title(searched),
        detail=sql.SQL(searched.detail),
        geom=layer.geom,
        source=layer.source,
        where=where(Query(layer=layer, reader=catalogue.reader, ids=tuple(today))),
    )
    return [
        Hit(hit.layer, hit.id, hit.title, hit.detail, hit.bounds, today[hit.id]) for hit in _run([layer], [part], limit)
    ]


def descendants(reference: str) -> dict[UUID, str]:
    """Parcels of today by identifier, each with the old number that led to it; `reference` may be its beginning."""
    lines = ParcelLineage.objects.filter(parent_reference__startswith=reference)
    led: dict[UUID, str] = dict(lines.values_list("child_id", "parent_reference")[:100])
    current: dict[UUID, str] = {}
    for _generation in range(GENERATIONS):
        if not led:
            break
        alive = set(_alive(led))
        current |= {id: old for id, old in led.items() if id in alive}
        gone = [id for id in led if id not in alive]
        lines = ParcelLineage.objects.filter(parent_id__in=gone)
        steps = lines.values_list("parent_id", "child_id")
        led = {child: led[parent] for parent, child in steps if child not in current}
    return current


def _alive(ids: Iterable[UUID]) -> Iterable[UUID]:
    return Parcel.objects.filter(pk__in=list(ids)).values_list("pk", flat=True)
