"""The one statement that answers a search: rows of `kind, value, number, low, high, doc`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from psycopg import sql

from layers.catalogue import Catalogue
from layers.layer import Layer
from layers.plots.conditions import CODES, NUMBERS, STEPS_M, condition, metres
from layers.plots.facts import facts
from layers.plots.parameters import STATUSES, UTILITIES
from layers.plots.terms import Terms

PRICES = ("price", "price_m2")
# What of the answer counts the choices of a filter.
COUNTED = frozenset({*CODES, "road", "rail", "period", *UTILITIES})
AS_STATED = sql.SQL("p.zone_name, length(p.code), p.code, p.id")
FIRST = sql.SQL("array_position({}::text[], p.status::text)").format(sql.Literal(STATUSES))


@dataclass(frozen=True)
class Plan:
    """A search with all that its answer depends on; bit `n` of a plot's mask is set when it fails filter `n` of
    `filters`.
    """

    catalogue: Catalogue
    terms: Terms
    on: date
    limit: int
    offset: int
    with_ids: bool

    @cached_property
    def filters(self) -> list[str]:
        return self.terms.active

    @property
    def plots(self) -> Layer | None:
        return self.catalogue.get("plots")

    def bits(self, *names: str) -> int:
        """The bits of those of the filters `names` that are set."""
        return sum(1 << place for place, name in enumerate(self.filters) if name in names)

    def steps(self, theme: str) -> list[int]:
        """The distances to choose from, the chosen one among them."""
        chosen = self.terms.near.get(theme)
        return sorted({*STEPS_M, *(() if chosen is None else (chosen,))})

    @property
    def judged(self) -> sql.Composable:
        """`WITH judged`: the facts of each plot with its mask."""
        assert self.plots is not None
        tests = [
            sql.SQL("CASE WHEN {} THEN 0 ELSE {} END").format(condition(self.terms, name), sql.Literal(1 << place))
            for place, name in enumerate(self.filters)
        ]
        return sql.SQL("WITH judged AS MATERIALIZED (SELECT p.*, {} AS mask FROM ({}) p)").format(
            sql.SQL(" + ").join(tests) if tests else sql.SQL("0"),
            facts(self.catalogue, self.plots, self.terms, self.on),
        )

    def only(self, *names: str) -> sql.Composable:
        """The plots that fail none but these filters."""
        return sql.SQL("p.mask & ~{} = 0").format(sql.Literal(self.bits(*names)))


def matching(plan: Plan) -> sql.Composable:
    return sql.SQL("{} SELECT id FROM judged p WHERE p.mask = 0").format(plan.judged)


def whole(plan: Plan) -> sql.Composable:
    parts = sql.SQL(" UNION ALL ").join([*_counts(plan), *_ranges(plan), *_matches(plan), *_wider(plan)])
    # Whatever fails two filters counts for no choice; the two prices are one choice of the period.
    near = sql.SQL("near AS MATERIALIZED (SELECT * FROM judged p WHERE p.mask & (p.mask - 1) = 0 OR {prices})").format(
        prices=plan.only(*PRICES)
    )
    return sql.SQL("{}, {} {}").format(plan.judged, near, parts)


def _counts(plan: Plan) -> Iterator[sql.Composable]:
    """How many plots there are of each value."""
    # The first part names the columns' types.
    yield sql.SQL(
        "SELECT 'mask' AS kind, p.mask::text AS value, count(*) AS number, NULL::float8 AS low, NULL::float8 AS high,"
        " NULL::jsonb AS doc FROM judged p GROUP BY p.mask"
    )
    for name, column in CODES.items():
        yield _count_all(plan, name, sql.SQL("SELECT {} AS value, p.mask FROM judged p").format(sql.SQL(column)))
    yield _count(plan, "period", sql.SQL("p.period"), *PRICES)
    yield _count(plan, "rail", sql.SQL("CASE WHEN p.siding THEN '1' END"), "rail")
    yield _count_all(plan, "road", sql.SQL("SELECT kind AS value, p.mask FROM judged p, unnest(p.roads) kind"))
    for theme in UTILITIES:
        yield _count(plan, theme, _step(plan, theme), theme)


def _count_all(plan: Plan, name: str, source: sql.Composable) -> sql.Composable:
    """Of every value that any plot has, 0 where it can not be chosen."""
    return sql.SQL("SELECT {}, p.value, count(*) FILTER (WHERE {}), NULL, NULL, NULL FROM ({}) p GROUP BY 2").format(
        sql.Literal(name), plan.only(name), source
    )


def _count(plan: Plan, kind: str, value: sql.Composable, *names: str) -> sql.Composable:
    return sql.SQL("SELECT {}, {}::text AS value, count(*), NULL, NULL, NULL FROM near p WHERE {} GROUP BY 2").format(
        sql.Literal(kind), value, plan.only(*names)
    )


def _step(plan: Plan, theme: str) -> sql.Composable:
    """The least of the distances to choose from that holds the plot's."""
    steps = plan.steps(theme)
    whens = [
        sql.SQL("WHEN p.{} <= {} THEN {}").format(sql.Identifier(theme), sql.Literal(metres(step)), sql.Literal(step))
        for step in steps
    ]
    return sql.SQL("CASE {} END").format(sql.SQL(" ").join(whens))


def _ranges(plan: Plan) -> Iterator[sql.Composable]:
    for name in NUMBERS:
        yield sql.SQL(
            "SELECT {kind}, 'range', count(p.{column}), min(p.{column}), max(p.{column}), NULL FROM near p"
            " WHERE {others} AND {period}"
        ).format(
            kind=sql.Literal(name),
            column=sql.Identifier(name),
            others=plan.only(name),
            period=_of_period(plan, name),
        )


def _matches(plan: Plan) -> Iterator[sql.Composable]:
    yield sql.SQL("""
        SELECT 'row', NULL, p.place, NULL, NULL, to_jsonb(p) - 'geom' || jsonb_build_object('bounds', {box}) FROM (
            SELECT p.*, row_number() OVER () AS place, ST_Transform(ST_Envelope(p.geom), 4326) AS box,
                p.code IN (SELECT code FROM judged GROUP BY code HAVING count(*) > 1) AS is_code_shared
            FROM (SELECT * FROM near p WHERE p.mask = 0 ORDER BY {order} LIMIT {limit} OFFSET {offset}) p
        ) p
    """).format(
        box=_corners("p.box"), order=order(plan.terms), limit=sql.Literal(plan.limit), offset=sql.Literal(plan.offset)
    )
    yield sql.SQL("""
        SELECT 'extent', NULL, NULL, NULL, NULL, {box} FROM (
            SELECT ST_Transform(ST_SetSRID(ST_Extent(p.geom)::geometry, max(ST_SRID(p.geom))), 4326) AS box
            FROM near p WHERE p.mask = 0 HAVING count(*) > 0
        ) e
    """).format(box=_corners("e.box"))
    if plan.with_ids:
        yield sql.SQL(
            "SELECT 'ids', NULL, NULL, NULL, NULL, coalesce(jsonb_agg(p.id), '[]') FROM near p WHERE p.mask = 0"
        )


def _wider(plan: Plan) -> Iterator[sql.Composable]:
    """Where nothing matches, the values of the plots that fail but one filter which can reach farther."""
    for name in plan.filters:
        if name in (*NUMBERS, *UTILITIES):
            yield sql.SQL(
                "SELECT 'wider', {kind}, NULL, p.{column}, NULL, NULL FROM near p WHERE p.mask = {bit}"
                " AND p.{column} IS NOT NULL AND {period} AND NOT EXISTS (SELECT FROM near WHERE mask = 0)"
            ).format(
                kind=sql.Literal(name),
                column=sql.Identifier(name),
                bit=sql.Literal(plan.bits(name)),
                period=_of_period(plan, name),
            )


def _of_period(plan: Plan, name: str) -> sql.Composable:
    """Prices are compared with those of their own period alone."""
    if name not in PRICES:
        return sql.SQL("TRUE")
    return sql.SQL("p.period = {}").format(sql.Literal(plan.terms.price_period))


def _corners(box: str) -> sql.Composable:
    sides = ", ".join(f"{side}({box})" for side in ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax"))
    return sql.SQL(f"jsonb_build_array({sides})")


def order(terms: Terms) -> sql.Composable:
    """Unless told otherwise what the text names best and what is available comes first; the plot's code ends it all."""
    name = terms.sort.removeprefix("-")
    if not name:
        return sql.SQL("p.rank, {}, {}").format(FIRST, AS_STATED)
    if name == "code":
        return AS_STATED
    if name == "newest":
        return sql.SQL("p.changed_at DESC, {}").format(AS_STATED)
    direction = sql.SQL("DESC" if terms.sort.startswith("-") else "ASC")
    if name == "area":
        return sql.SQL("p.area {}, {}").format(direction, AS_STATED)
    # Rents and prices are no rivals: those of the other period come after all that can be compared.
    return sql.SQL("CASE WHEN p.period = {} THEN p.{} END {} NULLS LAST, {}, {}").format(
        sql.Literal(terms.price_period), sql.Identifier(name), direction, FIRST, AS_STATED
    )
