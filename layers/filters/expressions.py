"""Expressions as SQL of a known kind: properties, literals, arithmetic and the functions of `layers.filters.functions`.

Numbers are reckoned exactly, as `numeric`, and their length is bounded beforehand: no calculation can overflow.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from psycopg import sql

from layers.filters import literals
from layers.filters.functions import FUNCTIONS, ArgumentType, Function
from layers.filters.literals import NUMBERS, Kind, literal
from layers.filters.nodes import Call, Expression, Period, Property, Shape, Value
from layers.filters.scope import INTEGER_DIGITS, Scope, Term
from registries.core.errors import BadInput

# `^` is reckoned in double precision, as far as its result is surely a number of that kind; else it is NULL.
POWER = """(SELECT CASE
WHEN v.x = 0 THEN CASE WHEN v.y > 0 THEN 0 WHEN v.y = 0 THEN 1 END
WHEN abs(v.x) > 1e150 OR abs(v.x) < 1e-150 OR abs(v.y) > 1e6 THEN NULL
WHEN v.x < 0 AND v.y <> trunc(v.y) THEN NULL
WHEN abs(v.y * ln(abs(v.x))) > 650 THEN NULL
ELSE power(v.x::float8, v.y::float8)::numeric END
FROM (SELECT {}::numeric AS x, {}::numeric AS y OFFSET 0) v)"""
OPERATORS = {
    "+": "({} + {})",
    "-": "({} - {})",
    "*": "({} * {})",
    "/": "({} / NULLIF({}, 0))",
    "div": "div({}, NULLIF({}, 0))",
    "%": "mod({}, NULLIF({}, 0))",
    "^": POWER,
}
# PostgreSQL divides with at most two thousand digits behind the point: the quotient by the smallest is longer by these.
QUOTIENT_DIGITS, POWER_DIGITS, DIGITS_MOST = 2_000, 300, 10_000
# PostgreSQL's functions take a hundred arguments at most.
ARGUMENTS_MOST = 90


def term(node: Expression, scope: Scope) -> Term:
    """`node` by its own kind."""
    match node:
        case Property():
            return scope.property(node)
        case Call():
            return called(node, scope)
        case Value():
            kind = kind_of(node.value)
            return Term(literal(node.value, kind, "filter"), kind, digits_of(node.value, kind))
    raise BadInput(_("A geometry or a period has no place here."), locator="filter")


def kind_of(value: object) -> Kind:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "numeric"
    if isinstance(value, datetime):
        return "datetime"
    return "date" if isinstance(value, date) else "text"


def digits_of(value: object, kind: Kind) -> int:
    return literals.digits(value) if kind in NUMBERS and value is not None else 0


def called(node: Call, scope: Scope) -> Term:
    if node.name in OPERATORS:
        return calculated(node, scope)
    function = FUNCTIONS.get(node.name.lower())
    if function is None:
        raise BadInput(
            _("There is no function “%(name)s”.") % {"name": node.name[:80]},
            locator=node.name[:80],
            hint=_("There are: %(names)s.") % {"names": ", ".join(FUNCTIONS)},
        )
    check_count(function, len(node.arguments))
    kinds = [function.arguments[0].type] * len(node.arguments) if function.arguments else []
    arguments = [argument(one, kind, scope) for one, kind in zip(node.arguments, kinds, strict=True)]
    parts = [one.sql for one in arguments]
    found = sql.SQL(function.template).format(*([sql.SQL(", ").join(parts)] if parts else []))
    digits = max((one.digits for one in arguments), default=0) + 1
    return Term(found, function.returns, digits if function.returns == "numeric" else INTEGER_DIGITS)


def check_count(function: Function, count: int) -> None:
    enough = 1 <= count <= ARGUMENTS_MOST if function.variadic else count == len(function.arguments)
    if not enough:
        raise BadInput(
            _("The function “%(name)s” does not take this number of arguments: %(count)d.")
            % {"name": function.name, "count": count},
            locator=function.name,
        )


def calculated(node: Call, scope: Scope) -> Term:
    if len(node.arguments) != 2:
        raise BadInput(_("“%(name)s” takes two numbers.") % {"name": node.name}, locator=node.name)
    left, right = (argument(one, "number", scope) for one in node.arguments)
    digits = {
        "*": left.digits + right.digits,
        "/": left.digits + QUOTIENT_DIGITS,
        "div": left.digits + QUOTIENT_DIGITS,
        "%": max(left.digits, right.digits),
        "^": POWER_DIGITS,
    }.get(node.name, max(left.digits, right.digits) + 1)
    if digits > DIGITS_MOST:
        raise BadInput(_("The calculation is too long."), locator=node.name)
    return Term(sql.SQL(OPERATORS[node.name]).format(left.sql, right.sql), "numeric", digits)


def argument(node: Expression, wanted: ArgumentType, scope: Scope) -> Term:
    """`node` as a function or an operator wants it: numbers exact, dates at UTC."""
    if wanted == "geometry":
        return geometry(node, scope)
    if isinstance(node, Value):
        kind: Kind = kind_of(literals.moment(node.value, "filter")) if wanted == "date" else ARGUMENT_KINDS[wanted]
        found = Term(literal(node.value, kind, "filter"), kind, digits_of(node.value, kind))
    else:
        found = term(node, scope)
    if wanted == "number" and found.kind in NUMBERS:
        return cast(found, "numeric")
    if wanted == "text" and found.kind in TEXTS:
        return cast(found, "text")
    if wanted == "date" and found.kind == "date":
        return found
    if wanted == "date" and found.kind == "datetime":
        return Term(sql.SQL("({} AT TIME ZONE 'UTC')").format(found.sql), "datetime")
    raise BadInput(_("This is of another kind than is needed here."), locator=locator_of(node))


def geometry(node: Expression, scope: Scope) -> Term:
    found = scope.property(node) if isinstance(node, Property) else None
    if found is None or found.kind != "geometry":
        raise BadInput(_("A geometry is needed here."), locator=locator_of(node))
    return found


ARGUMENT_KINDS: dict[ArgumentType, Kind] = {"text": "text", "number": "numeric"}
TEXTS: frozenset[Kind] = NUMBERS | {"text", "uuid", "boolean", "date"}


def cast(found: Term, kind: Kind) -> Term:
    if found.kind == kind == "text":
        return found
    if kind == "numeric":
        return Term(sql.SQL("({})::numeric").format(found.sql), kind, found.digits)
    if kind == "text":
        return Term(sql.SQL("({})::text").format(found.sql), kind)
    if (found.kind, kind) == ("date", "datetime"):
        return Term(sql.SQL("({}::timestamp AT TIME ZONE 'UTC')").format(found.sql), kind)
    return found


def locator_of(*nodes: Expression) -> str:
    """Where a complaint points: at the first property, else at the filter."""
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        if isinstance(node, Property):
            return node.name[:80]
        if isinstance(node, Call):
            stack.extend(reversed(node.arguments))
    return "filter"


def comparable(nodes: Sequence[Expression], scope: Scope) -> tuple[list[sql.Composable], Kind]:
    """All of `nodes` in one kind in which they can be compared: literals take the kind of what is no literal."""
    where = locator_of(*nodes)
    if any(isinstance(node, Shape | Period) for node in nodes):
        raise BadInput(_("A geometry or a period has no place here."), locator=where)
    values = [node.value for node in nodes if isinstance(node, Value) and node.value is not None]
    terms = [None if isinstance(node, Value) else term(node, scope) for node in nodes]
    kind = common(frozenset(found.kind for found in terms if found), values, where)
    parts = [
        cast(found, kind).sql if found else literal(node.value, kind, where)  # type: ignore[union-attr]  # a Value
        for node, found in zip(nodes, terms, strict=True)
    ]
    return parts, kind


def common(kinds: frozenset[Kind], values: Sequence[object], where: str) -> Kind:
    """The one kind for terms of `kinds` and these literals."""
    if not kinds:
        kinds = frozenset(kind_of(value) for value in values) or frozenset({"text"})
        kinds = kinds - {"text"} if len(kinds) > 1 else kinds
    if "geometry" in kinds:
        raise BadInput(_("A geometry is compared by spatial operators only."), locator=where)
    if kinds <= NUMBERS:
        return "numeric" if "numeric" in kinds else "real"
    if kinds == {"date"}:
        return "datetime" if any(has_clock(value) for value in values) else "date"
    if kinds == {"date", "datetime"}:
        return "datetime"
    if kinds == {"uuid"}:
        return "uuid" if all(literals.identifier(value) for value in values) else "text"
    if "text" in kinds and kinds <= TEXTS:
        return "text"
    if len(kinds) > 1:
        raise BadInput(_("These two cannot be compared: they are of different kinds."), locator=where)
    (kind,) = kinds
    return kind


def has_clock(value: object) -> bool:
    return isinstance(value, datetime) or (isinstance(value, str) and bool(literals.DATETIME.fullmatch(value.strip())))
