"""The filter that is served so far, a single box: GDAL asks for an area in no other way (OGC 09-026r2, 7.8.3.2)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from lxml import etree

from layers.wfs import names
from layers.wfs.exceptions import NotParsed, OptionNotServed
from layers.wfs.names import FES, GML, tag
from registries.core.errors import BadInput

# More than any box needs; what is larger would only cost time to read.
LENGTH_MOST = 20_000


def box_of(text: str) -> str:
    """The value of a `bbox` parameter that asks for the same: two corners as written, then the system if one is named.

    OptionNotServed for any other filter, NotParsed for what is no XML, BadInput for a box without its corners.
    """
    root = element(text.removeprefix("(").removesuffix(")"))
    boxes = list(root)
    if root.tag != tag(FES, "Filter") or len(boxes) != 1 or boxes[0].tag != tag(FES, "BBOX"):
        raise refusal()
    *reference, envelope = boxes[0] if len(boxes[0]) else [root]
    if envelope.tag != tag(GML, "Envelope") or not all(map(is_geometry, reference)):
        raise refusal()
    lower, upper = corner(envelope, "lowerCorner"), corner(envelope, "upperCorner")
    if len(lower) != 2 or len(upper) != 2:
        raise BadInput(_("A bbox is four finite numbers, then perhaps a reference system."), locator="filter")
    return ",".join([*lower, *upper, *filter(None, [envelope.get("srsName")])])


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
        _("The only filter served is a single BBOX."), locator="filter", hint=_("Use bbox or resourceId.")
    )
