"""What each filter asks of a plot, in SQL over the table of `layers.plots.facts`, and what its choices count."""

from __future__ import annotations

from collections.abc import Callable

from psycopg import sql

from layers.plots.parameters import LIMITS, RANGES, UTILITIES, Range
from layers.plots.terms import Terms
from layers.query import envelope, pieces
from registries.serviceability.nearest import AT_BORDER_M

# Choices of a distance in metres, each holding all that is nearer; 0 is at the border.
STEPS_M = (0, 10, 25, 50, 100, 250, 500, 1_000)
LEAST = ("density_min", "kint_min", "height_min")
# Filters whose values are numbers of which a form shows the least and the greatest that there are.
NUMBERS = tuple(LIMITS)
CODES = {"zone": "p.zone", "status": "p.status", "right": 'p."right"', "use": "p.use"}


def condition(terms: Terms, name: str) -> sql.Composable:
    """Whether plot `p` meets the filter `name`, which is set; never NULL."""
    if name in UTILITIES:
        return _known(sql.SQL("p.{} <= {}").format(sql.Identifier(name), sql.Literal(metres(terms.near[name]))))
    if name in RANGES:
        return _within(terms, name)
    if name in CODES:
        wanted = [terms.zone] if name == "zone" else list(getattr(terms, name))
        return _known(sql.SQL("{} = ANY({})").format(sql.SQL(CODES[name]), sql.Literal(wanted)))
    if name in NUMBERS:
        sign = sql.SQL(">=" if name in LEAST else "<=")
        return _known(sql.SQL("p.{} {} {}").format(sql.Identifier(name), sign, sql.Literal(getattr(terms, name))))
    return CONDITIONS[name](terms)


def metres(distance_m: int) -> int:
    return max(distance_m, AT_BORDER_M)


def range_of(terms: Terms, name: str) -> Range:
    """In the unit of the facts."""
    found: Range = terms.area_m2 if name == "area" else getattr(terms, name)
    return found


def _known(test: sql.Composable) -> sql.Composable:
    """What is not known meets nothing."""
    return sql.SQL("coalesce({}, FALSE)").format(test)


def _within(terms: Terms, name: str) -> sql.Composable:
    ends = range_of(terms, name)
    column = sql.Identifier(name)
    tests = [
        sql.SQL("p.{} {} {}").format(column, sql.SQL(sign), sql.Literal(end))
        for sign, end in ((">=", ends.low), ("<=", ends.high))
        if end is not None
    ]
    if name != "area":
        tests.append(sql.SQL("p.period = {}").format(sql.Literal(terms.price_period)))
    return _known(sql.SQL(" AND ").join(tests))


def _bounds(terms: Terms) -> sql.Composable:
    boxes = [envelope(piece) for piece in pieces(terms.box)] if terms.box else []
    tests = [sql.SQL("ST_Intersects(p.geom, {})").format(box) for box in boxes]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(tests)) if tests else sql.SQL("FALSE")


CONDITIONS: dict[str, Callable[[Terms], sql.Composable]] = {
    "q": lambda _terms: sql.SQL("p.rank IS NOT NULL"),
    "road": lambda terms: sql.SQL("p.roads && {}::text[]").format(sql.Literal(list(terms.road))),
    "rail": lambda _terms: sql.SQL("p.siding"),
    "bounds": _bounds,
}
