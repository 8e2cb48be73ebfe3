"""Units of length in DWithin and Beyond, however clients spell them, in metres."""

from __future__ import annotations

import math
import re

from django.utils.translation import gettext as _
from lxml import etree

from layers.wfs.exceptions import NotParsed
from registries.core.errors import BadInput

# Words, UCUM's codes, and EPSG's numbers of units.
UNITS: dict[str, float] = {
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters", "mtr", "9001"), 1.0),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers", "9036"), 1000.0),
    **dict.fromkeys(("dm", "decimetre", "decimeter"), 0.1),
    **dict.fromkeys(("cm", "centimetre", "centimetres", "centimeter", "centimeters", "1033"), 0.01),
    **dict.fromkeys(("mm", "millimetre", "millimetres", "millimeter", "millimeters", "1025"), 0.001),
    **dict.fromkeys(("ft", "foot", "feet", "[ft_i]", "9002"), 0.3048),
    **dict.fromkeys(("us-ft", "[ft_us]", "9003"), 1200 / 3937),
    **dict.fromkeys(("in", "inch", "inches", "[in_i]"), 0.0254),
    **dict.fromkeys(("yd", "yard", "yards", "[yd_i]", "9096"), 0.9144),
    **dict.fromkeys(("mi", "mile", "miles", "statute miles", "[mi_i]", "9093"), 1609.344),
    **dict.fromkeys(("nm", "nmi", "nautical mile", "nautical miles", "[nmi_i]", "9030"), 1852.0),
}
ANGLES = frozenset({"deg", "degree", "degrees", "dd", "rad", "radian", "radians", "grad", "9101", "9102", "9122"})
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)


def metres(length: etree._Element, locator: str) -> float:
    """A `Distance` with its `uom` (OGC 09-026r2, 7.8.3.4) or `units` (OGC 04-095, 11).

    An angle is refused: how many metres a degree is hangs on place and direction.
    """
    text = (length.text or "").strip()
    if not NUMBER.fullmatch(text) or not math.isfinite(float(text)) or float(text) < 0:
        raise BadInput(_("A distance is a finite number from 0 on."), locator=locator)
    return float(text) * unit(length.get("uom", length.get("units")), locator)


def unit(name: str | None, locator: str) -> float:
    if name is None or not name.strip():
        raise NotParsed(_("A distance needs its unit."), locator=locator, hint=_("For example: %(example)s.") % EXAMPLE)
    word = re.split(r"[#/:]", name.strip().lower())[-1]
    if word in ANGLES:
        raise BadInput(
            _("Distances in degrees are not served: how long a degree is hangs on place and direction."),
            locator=locator,
            hint=_("Give the distance in metres."),
        )
    if word not in UNITS:
        raise BadInput(
            _("The unit “%(name)s” is not known.") % {"name": name[:80]},
            locator=locator,
            hint=_("For example: %(example)s.") % EXAMPLE,
        )
    return UNITS[word]


EXAMPLE = {"example": "m, km, ft, urn:ogc:def:uom:EPSG::9001"}
