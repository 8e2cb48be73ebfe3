"""Times in filters: GML's instants and periods, or plain dates in a literal (OGC 07-036, 14.2.2; 09-026r2, 7.9)."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from lxml import etree

from layers.filters.literals import moment
from layers.filters.nodes import Period, TemporalOperator, Value
from layers.wfs.exceptions import NotParsed, OptionNotServed
from layers.wfs.fes.reading import local, one_child, own, some, unknown
from layers.wfs.gml_positions import children
from layers.wfs.gml_positions import own as is_gml

TEMPORAL: dict[str, TemporalOperator] = {
    "After": "after",
    "Before": "before",
    "Begins": "begins",
    "BegunBy": "begun_by",
    "TContains": "contains",
    "During": "during",
    "TEquals": "equals",
    "TOverlaps": "overlaps",
    "Meets": "meets",
    "MetBy": "met_by",
    "OverlappedBy": "overlapped_by",
    "Ends": "ends",
    "EndedBy": "ended_by",
    "AnyInteracts": "any_interacts",
}
TIMES = ("TimeInstant", "TimePeriod", "timePosition")
OPEN = ("now", "unknown")


class End(NamedTuple):
    """An end of a time as written; `indeterminate` is `now` or `unknown` where no time is written."""

    text: str
    indeterminate: str = ""


def is_time(element: etree._Element) -> bool:
    """Whether the element is a time where times are expected: a literal may be one."""
    if own(element) and local(element) == "Literal":
        return True
    return is_gml(element) and local(element) in TIMES


def value(element: etree._Element, locator: str) -> Value | Period:
    found = ends(element, locator)
    if len(found) == 2:
        return Period(position(found[0], locator), position(found[1], locator))
    instant = position(found[0], locator)
    if instant is None:
        raise NotParsed(_("An instant has a time."), locator=locator)
    return Value(instant)


def position(end: End, locator: str) -> date | datetime | None:
    if end.indeterminate:
        return timezone.now() if end.indeterminate == "now" else None
    return moment(end.text, locator)


def ends(element: etree._Element, locator: str) -> tuple[End, ...]:
    """One end of an instant, two of a period."""
    name = local(element)
    if name == "Literal" and len(element):
        return ends(one_child(element, locator), locator)
    if name == "Literal":
        return (End((element.text or "").strip()),)
    if not is_gml(element) or name not in TIMES:
        raise unknown(element, locator)
    if name == "timePosition":
        return (end(element, locator),)
    if name == "TimeInstant":
        return (end(only(children(element, "timePosition"), element, locator), locator),)
    return border(element, "begin", locator), border(element, "end", locator)


def border(period: etree._Element, name: str, locator: str) -> End:
    """`beginPosition`, or a TimeInstant in `begin`; for the end alike."""
    inside = only(children(period, f"{name}Position", name), period, locator)
    if local(inside) == name:
        (instant,) = some(inside, locator, 1)
        return ends(instant, locator)[0] if local(instant) == "TimeInstant" else ends(inside, locator)[0]
    return end(inside, locator)


def only(found: list[etree._Element], holder: etree._Element, locator: str) -> etree._Element:
    if len(found) != 1:
        raise NotParsed(
            _("A TimeInstant has a timePosition, a TimePeriod a beginPosition and an endPosition."), locator=locator
        )
    return found[0]


def end(element: etree._Element, locator: str) -> End:
    indeterminate = element.get("indeterminatePosition", "")
    if indeterminate not in ("", *OPEN) or "8601" not in element.get("frame", "8601"):
        raise OptionNotServed(_("Times are dates of the Gregorian calendar, or “now” or “unknown”."), locator=locator)
    return End((element.text or "").strip(), indeterminate)
