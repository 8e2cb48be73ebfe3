"""The time of the registry itself in a filter: an operator on when a version was current asks about the past."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _
from lxml import etree

from layers.moment import When, instant, point, stretch
from layers.wfs.exceptions import NotParsed, OptionNotServed
from layers.wfs.fes.expressions import PROPERTIES, reference
from layers.wfs.fes.reading import local, own
from layers.wfs.fes.times import TEMPORAL, End, ends

# The property that temporal operators may speak of: when a version was current in the registry.
VALIDITY = frozenset({"begin_lifespan_version", "validity"})
# Each with how many ends its time may have: one of an instant, two of a period.
COUNTS = {"After": (1, 2), "Before": (1, 2), "During": (2,), "TEquals": (1,), "AnyInteracts": (2,)}
OPERATORS = tuple(COUNTS)
# The shortest time that the registry tells apart.
INSTANT = timedelta(microseconds=1)


def is_past(element: etree._Element) -> bool:
    """Whether the element is a temporal operator on when a version was current."""
    if not own(element) or local(element) not in TEMPORAL or not len(element):
        return False
    first = element[0]
    if not own(first) or local(first) not in PROPERTIES:
        return False
    return (first.text or "").strip().rpartition("/")[2].rpartition(":")[2] in VALIDITY


def read(element: etree._Element, locator: str) -> When | None:
    """The time that the operator names; the answer is each feature as it was last within it.

    At an instant (TEquals), at some time of a period (During, AnyInteracts), before an instant or after it. None is
    today, and the future, of which only today is known.
    """
    name = local(element)
    if name not in OPERATORS:
        raise OptionNotServed(
            _("The past is not asked about with “%(name)s”.") % {"name": name},
            locator=locator,
            hint=_("Use one of: %(names)s.") % {"names": ", ".join(OPERATORS)},
        )
    reference(element[0], locator)
    found = ends(element[1], locator) if len(element) == 2 else ()
    if len(found) not in COUNTS[name]:
        raise NotParsed(
            _("TEquals takes a TimeInstant, During and AnyInteracts a TimePeriod, Before and After either."),
            locator=locator,
        )
    return instant(found[0].text, locator) if name == "TEquals" else span(name, found, locator)


def span(name: str, found: tuple[End, ...], locator: str) -> When | None:
    """Before ends where its time begins, After begins where its time ends."""
    first, last = (found[-1], found[0]) if name in ("After", "Before") else (found[0], found[-1])
    begin = None if name == "Before" else position(first, time.max if name == "After" else time.min, locator)
    end = None if name == "After" else position(last, time.min if name == "Before" else time.max, locator)
    if name == "Before" and end:
        end -= INSTANT
    if name == "After" and begin:
        begin += INSTANT
    return stretch(begin, end, locator)


def position(end: End, at: time, locator: str) -> datetime | None:
    """An end of a time; None if it is said to be open."""
    return None if end.indeterminate else point(end.text, at, locator)


def misplaced(locator: str) -> OptionNotServed:
    return OptionNotServed(
        _("The past is asked about by one condition alone, or as a part of an And at the top of the filter."),
        locator=locator,
        hint=_("The parameter “at” asks about the past, too."),
    )
