"""The filters that are served: a box, because GDAL asks for an area in no other way, and a time (OGC 09-026r2, 7.8.3.2
and 7.14.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _
from lxml import etree

from layers.moment import When, instant, point, stretch
from layers.wfs import names
from layers.wfs.exceptions import NotParsed, OptionNotServed
from layers.wfs.names import FES, GML, tag
from registries.core.errors import BadInput

# More than any box needs; what is larger would only cost time to read.
LENGTH_MOST = 20_000
# The shortest time that the registry tells apart.
INSTANT = timedelta(microseconds=1)
POSITIONS = tuple(tag(GML, name) for name in ("timePosition", "beginPosition", "endPosition"))
# The property that temporal operators may speak of: when a version was current in the registry.
VALIDITY = frozenset({"begin_lifespan_version", "validity"})
TEMPORAL = ("After", "Before", "During", "TEquals", "AnyInteracts")


@dataclass(frozen=True)
class Filter:
    """`box` is the value of a `bbox` parameter that asks for the same, `when` the time; each may be absent."""

    box: str = ""
    when: When | None = None


def read(text: str) -> Filter:
    """A single BBOX, a single temporal operator, or both joined by And.

    OptionNotServed for any other filter, NotParsed for what is no XML, BadInput for a part that is not complete.
    """
    root = element(text.removeprefix("(").removesuffix(")"))
    parts = list(root)
    if root.tag != tag(FES, "Filter") or len(parts) != 1:
        raise refusal()
    if parts[0].tag == tag(FES, "And"):
        parts = list(parts[0])
    boxes = [part for part in parts if part.tag == tag(FES, "BBOX")]
    times = [part for part in parts if part.tag in {tag(FES, name) for name in TEMPORAL}]
    if not parts or len(boxes) > 1 or len(times) > 1 or len(boxes) + len(times) != len(parts):
        raise refusal()
    return Filter("".join(map(box_of, boxes)), next(map(time_of, times), None))


def box_of(box: etree._Element) -> str:
    """Two corners as written, then the system if one is named."""
    if not len(box):
        raise refusal()
    *reference, envelope = box
    if envelope.tag != tag(GML, "Envelope") or not all(map(is_geometry, reference)):
        raise refusal()
    lower, upper = corner(envelope, "lowerCorner"), corner(envelope, "upperCorner")
    if len(lower) != 2 or len(upper) != 2:
        raise BadInput(_("A bbox is four finite numbers, then perhaps a reference system."), locator="filter")
    return ",".join([*lower, *upper, *filter(None, [envelope.get("srsName")])])


def time_of(operator: etree._Element) -> When | None:
    """The time that the operator names; the answer is each feature as it was last within it.

    At an instant (TEquals), at some time of a period (During, AnyInteracts), before an instant or after it.
    """
    if len(operator) != 2 or operator[0].tag != tag(FES, "ValueReference"):
        raise refusal()
    if (operator[0].text or "").strip().rpartition("/")[2].rpartition(":")[2] not in VALIDITY:
        raise refusal()
    ends = list(operator[1].iter(*POSITIONS))
    name = etree.QName(operator).localname
    if len(ends) != (2 if name in ("During", "AnyInteracts") else 1):
        raise BadInput(
            _("TEquals, Before and After take a TimeInstant, During and AnyInteracts a TimePeriod."), locator="filter"
        )
    if name == "TEquals":
        return instant(words(ends[0]), "filter")
    begin = None if name == "Before" else position(ends[0], time.max if name == "After" else time.min)
    end = None if name == "After" else position(ends[-1], time.min if name == "Before" else time.max)
    if name == "Before" and end:
        end -= INSTANT
    if name == "After" and begin:
        begin += INSTANT
    return stretch(begin, end, "filter")


def position(element: etree._Element, at: time) -> datetime | None:
    """An end of a time; None if it is said to be open."""
    if element.get("indeterminatePosition") in ("now", "unknown"):
        return None
    return point(words(element), at, "filter")


def words(element: etree._Element) -> str:
    return (element.text or "").strip()


def corner(envelope: etree._Element, name: str) -> list[str]:
    return str(envelope.findtext(tag(GML, name), "")).split()


def is_geometry(reference: etree._Element) -> bool:
    """Whether the box is to hold for the geometry, which is the one thing that boxes can hold for."""
    name = (reference.text or "").strip().rpartition("/")[2].rpartition(":")[2]
    return reference.tag == tag(FES, "ValueReference") and name == names.GEOMETRY


def element(text: str) -> etree._Element:
    """The root, read without following anything that the text points to."""
    if len(text) > LENGTH_MOST:
        raise refusal()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        raise NotParsed(_("The filter is no well-formed XML."), locator="filter") from None


def refusal() -> OptionNotServed:
    return OptionNotServed(
        _("The filters served are a BBOX, a temporal operator on begin_lifespan_version, and both joined by And."),
        locator="filter",
        hint=_("Use bbox or resourceId."),
    )
