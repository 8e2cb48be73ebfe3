"""The operators of filters: comparison, logic, space, distance and time (OGC 09-026r2, 7.7 to 7.14)."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from lxml import etree

from layers.filters.nodes import (
    All,
    AnyOf,
    Between,
    Compare,
    ComparisonOperator,
    Distance,
    Expression,
    IsNull,
    Like,
    Node,
    Not,
    Property,
    Shape,
    Spatial,
    SpatialOperator,
    Temporal,
    Truth,
)
from layers.wfs import names
from layers.wfs.exceptions import NotParsed, NotProcessed
from layers.wfs.fes import ids, past, times
from layers.wfs.fes.expressions import expression
from layers.wfs.fes.reading import Reading, local, one_child, own, some, unknown
from layers.wfs.fes.units import metres
from layers.wfs.gml_in import is_envelope

COMPARISONS: dict[str, ComparisonOperator] = {
    "PropertyIsEqualTo": "=",
    "PropertyIsNotEqualTo": "<>",
    "PropertyIsLessThan": "<",
    "PropertyIsGreaterThan": ">",
    "PropertyIsLessThanOrEqualTo": "<=",
    "PropertyIsGreaterThanOrEqualTo": ">=",
}
# Filter 1.0 says Intersect.
SPATIAL: dict[str, SpatialOperator] = {
    "BBOX": "bbox",
    "Equals": "equals",
    "Disjoint": "disjoint",
    "Intersects": "intersects",
    "Intersect": "intersects",
    "Touches": "touches",
    "Crosses": "crosses",
    "Within": "within",
    "Contains": "contains",
    "Overlaps": "overlaps",
}
DISTANCES = ("DWithin", "Beyond")
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def predicate(element: etree._Element, reading: Reading) -> Node:
    """What the element asks of a feature."""
    reading.count()
    reader = PREDICATES.get(local(element)) if own(element) else None
    if reader is None:
        raise unknown(element, reading.locator)
    return reader(element, reading)


def operands(element: etree._Element, reading: Reading) -> tuple[Expression, Expression]:
    left, right = some(element, reading.locator, 2)
    return expression(left, reading), expression(right, reading)


def comparison(element: etree._Element, reading: Reading) -> Node:
    """One value at most has each property here: every `matchAction` comes to the same."""
    if element.get("matchAction", "Any") not in ("All", "Any", "One"):
        raise NotParsed(_("matchAction is All, Any or One."), locator=reading.locator)
    left, right = operands(element, reading)
    if any(isinstance(one, Shape) or one == Property("gml:boundedBy") for one in (left, right)):
        raise NotProcessed(_("A geometry is compared by spatial operators only."), locator=reading.locator)
    return Compare(COMPARISONS[local(element)], left, right, match_case(element, reading))


def match_case(element: etree._Element, reading: Reading) -> bool:
    found = BOOLEANS.get(element.get("matchCase", "true").strip())
    if found is None:
        raise NotParsed(_("matchCase is true or false."), locator=reading.locator)
    return found


def like(element: etree._Element, reading: Reading) -> Node:
    operand, pattern = some(element, reading.locator, 2)
    if not own(pattern) or local(pattern) != "Literal" or len(pattern):
        raise NotParsed(_("PropertyIsLike has its pattern in a Literal."), locator=reading.locator)
    escape = element.get("escapeChar", element.get("escape"))
    wild, single = element.get("wildCard"), element.get("singleChar")
    if wild is None or single is None or escape is None:
        raise NotParsed(_("PropertyIsLike needs wildCard, singleChar and escapeChar."), locator=reading.locator)
    given = [mark for mark in (wild, single, escape) if mark]
    if len(set(given)) < len(given):
        raise NotParsed(_("wildCard, singleChar and escapeChar have to be different."), locator=reading.locator)
    found = sql_pattern(pattern.text or "", wild, single, escape)
    return Like(expression(operand, reading), found, match_case(element, reading))


def sql_pattern(text: str, wild: str, single: str, escape: str) -> str:
    """The pattern with SQL's own marks; an escape that escapes nothing stands for itself."""
    found, at = [], 0
    while at < len(text):
        if escape and text.startswith(escape, at) and at + len(escape) < len(text):
            at += len(escape)
            found.append(plain(text[at]))
            at += 1
            continue
        mark = next((one for one in (wild, single) if one and text.startswith(one, at)), "")
        found.append(("%" if mark == wild else "_") if mark else plain(text[at]))
        at += len(mark) or 1
    return "".join(found)


def plain(letter: str) -> str:
    return f"\\{letter}" if letter in "%_\\" else letter


def between(element: etree._Element, reading: Reading) -> Node:
    operand, lower, upper = some(element, reading.locator, 3)
    for boundary, name in ((lower, "LowerBoundary"), (upper, "UpperBoundary")):
        if not own(boundary) or local(boundary) != name:
            raise unknown(boundary, reading.locator)
    lowest, highest = (expression(one_child(one, reading.locator), reading) for one in (lower, upper))
    return Between(expression(operand, reading), lowest, highest)


def is_null(element: etree._Element, reading: Reading) -> Node:
    return IsNull(expression(one_child(element, reading.locator), reading))


def is_nil(element: etree._Element, reading: Reading) -> Node:
    """Whether a property is there without a value (OGC 09-026r2, 7.7.3.6): of ours, each that is there has one.

    The property has to exist all the same.
    """
    missing = is_null(element, reading)
    return All((missing, Not(missing)))


def conjunction(element: etree._Element, reading: Reading) -> Node:
    return All(parts(element, reading))


def disjunction(element: etree._Element, reading: Reading) -> Node:
    return AnyOf(parts(element, reading))


def parts(element: etree._Element, reading: Reading) -> tuple[Node, ...]:
    if not len(element):
        raise NotParsed(_("“%(name)s” has no parts.") % {"name": local(element)}, locator=reading.locator)
    return tuple(predicate(part, reading) for part in element)


def negation(element: etree._Element, reading: Reading) -> Node:
    return Not(predicate(one_child(element, reading.locator), reading))


def spatial(element: etree._Element, reading: Reading) -> Node:
    return Spatial(SPATIAL[local(element)], *operands(element, reading))


def bbox(element: etree._Element, reading: Reading) -> Node:
    """Without a property the box is to meet any geometry of a feature (OGC 09-026r2, 7.8.3.2): ours have one."""
    *operand, box = some(element, reading.locator, 1, 2)
    if not is_envelope(box) and not (own(box) and len(operand)):
        raise NotParsed(_("BBOX takes an Envelope or a Box."), locator=reading.locator)
    left: Expression = expression(operand[0], reading) if operand else Property(names.GEOMETRY)
    return Spatial("bbox", left, expression(box, reading))


def distance(element: etree._Element, reading: Reading) -> Node:
    left, right, length = some(element, reading.locator, 3)
    if not own(length) or local(length) != "Distance":
        raise unknown(length, reading.locator)
    beyond = local(element) == "Beyond"
    return Distance(expression(left, reading), expression(right, reading), metres(length, reading.locator), beyond)


def temporal(element: etree._Element, reading: Reading) -> Node:
    if past.is_past(element):
        raise past.misplaced(reading.locator)
    left, right = some(element, reading.locator, 2)
    return Temporal(times.TEMPORAL[local(element)], *(moment(one, reading) for one in (left, right)))


def moment(element: etree._Element, reading: Reading) -> Expression:
    """A literal in a temporal operator is a time."""
    return times.value(element, reading.locator) if times.is_time(element) else expression(element, reading)


def identified(element: etree._Element, reading: Reading) -> Node:
    found, when = ids.read([element], reading.locator)
    if when is not None:
        raise past.misplaced(reading.locator)
    return found


def truth(element: etree._Element, reading: Reading) -> Node:
    return Truth(expression(element, reading))


PREDICATES: dict[str, Callable[[etree._Element, Reading], Node]] = {
    **dict.fromkeys(COMPARISONS, comparison),
    "PropertyIsLike": like,
    "PropertyIsBetween": between,
    "PropertyIsNull": is_null,
    "PropertyIsNil": is_nil,
    "And": conjunction,
    "Or": disjunction,
    "Not": negation,
    **dict.fromkeys(SPATIAL, spatial),
    "BBOX": bbox,
    **dict.fromkeys(DISTANCES, distance),
    **dict.fromkeys(times.TEMPORAL, temporal),
    **dict.fromkeys(ids.ATTRIBUTES, identified),
    "Function": truth,
}
