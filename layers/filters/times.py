"""Temporal operators as SQL (OGC 09-026r2, 7.14.6; OGC 21-065r2, 7.8; ISO 19108, 5.2.3.5).

Each operand is a beginning and an end, of an instant the same; the relations compare these four. Beside an instant a
day is as long as it is: it is before noon of the next day, and neither before nor after its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.translation import gettext as _
from psycopg import sql

from layers.filters.expressions import cast, locator_of, term
from layers.filters.literals import Kind, at, moment
from layers.filters.nodes import Call, Expression, Period, Property, Temporal, TemporalOperator, Value
from layers.filters.scope import Scope, Term
from registries.core.errors import BadInput

RELATIONS: dict[TemporalOperator, str] = {
    "after": "{b1} > {e2}",
    "before": "{e1} < {b2}",
    "begins": "{b1} = {b2} AND {e1} < {e2}",
    "begun_by": "{b1} = {b2} AND {e1} > {e2}",
    "contains": "{b1} < {b2} AND {e1} > {e2}",
    "during": "{b1} > {b2} AND {e1} < {e2}",
    "ends": "{e1} = {e2} AND {b1} > {b2}",
    "ended_by": "{e1} = {e2} AND {b1} < {b2}",
    "equals": "{b1} = {b2} AND {e1} = {e2}",
    # An instant at an end of a period begins or ends it: only periods meet.
    "meets": "{e1} = {b2} AND {b1} < {e1} AND {b2} < {e2}",
    "met_by": "{b1} = {e2} AND {b1} < {e1} AND {b2} < {e2}",
    "overlaps": "{b1} < {b2} AND {e1} > {b2} AND {e1} < {e2}",
    "overlapped_by": "{b1} > {b2} AND {b1} < {e2} AND {e1} > {e2}",
    "any_interacts": "{b1} <= {e2} AND {e1} >= {b2}",
    "disjoint": "({b1} > {e2} OR {e1} < {b2})",
}
TYPES: dict[Kind, sql.SQL] = {"date": sql.SQL("date"), "datetime": sql.SQL("timestamptz")}


@dataclass(frozen=True)
class End:
    """One end of an operand: a moment, an expression, or None where a period is open."""

    what: date | datetime | Term | None
    is_begin: bool

    @property
    def clock(self) -> time:
        """Where in a day this end is: all of the day belongs to what it begins or ends."""
        return time.min if self.is_begin else time.max

    @property
    def has_clock(self) -> bool:
        return self.what.kind == "datetime" if isinstance(self.what, Term) else isinstance(self.what, datetime)

    def sql(self, kind: Kind) -> sql.Composable:
        if self.what is None:
            return sql.SQL("'{}'::{}").format(sql.SQL("-infinity" if self.is_begin else "infinity"), TYPES[kind])
        if isinstance(self.what, Term):
            if kind == self.what.kind or self.is_begin:
                return cast(self.what, kind).sql
            return sql.SQL("(({} + 1)::timestamp AT TIME ZONE 'UTC' - interval '1 microsecond')").format(self.what.sql)
        return sql.Literal(at(self.what, self.clock) if kind == "datetime" else self.what)


def temporal(node: Temporal, scope: Scope) -> sql.Composable:
    """The relation between days if both sides are of days, else between instants."""
    where = locator_of(*(side for side in (node.left, node.right) if isinstance(side, Property | Call)))
    ends = [end for side in (node.left, node.right) for end in ends_of(side, scope, where)]
    kind: Kind = "datetime" if any(end.has_clock for end in ends) else "date"
    named = dict(zip(("b1", "e1", "b2", "e2"), (end.sql(kind) for end in ends), strict=True))
    return sql.SQL("({})").format(sql.SQL(RELATIONS[node.operator]).format(**named))


def ends_of(side: Expression, scope: Scope, where: str) -> tuple[End, End]:
    if not isinstance(side, Period):
        instant = resolved(side, scope, where)
        return End(instant, True), End(instant, False)
    begin, end = (
        one if one is None else resolved(one if isinstance(one, Property) else Value(one), scope, where)
        for one in (side.start, side.end)
    )
    literal = not isinstance(begin, Term | None) and not isinstance(end, Term | None)
    if literal and at(begin, time.min) > at(end, time.max):  # type: ignore[arg-type]  # neither None nor a Term
        raise BadInput(_("The time ends before it begins."), locator=where)
    return End(begin, True), End(end, False)


def resolved(side: Expression, scope: Scope, where: str) -> date | datetime | Term:
    if isinstance(side, Value):
        return moment(side.value, where)
    found = term(side, scope)
    if found.kind not in TYPES:
        raise BadInput(_("A date or a date and time is needed here."), locator=where)
    return found
