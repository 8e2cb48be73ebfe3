"""Time as a dimension of the maps: what TIME asks for, and how capabilities tell of it (OGC 06-042, annex C and D)."""

from __future__ import annotations

import re

from django.contrib.auth.models import AnonymousUser
from django.db.models.functions import Lower
from django.utils.timezone import localdate

from layers import moment
from layers.maps.errors import MapRefusal
from layers.maps.requests import Parameters
from layers.moment import When
from registries.core.errors import RegistryError
from registries.core.models import History, User

Person = User | AnonymousUser
# In the root layer, whose dimensions hold for all: after its boxes, in both versions' order of elements.
BOXES = re.compile(r"(?:<BoundingBox[^>]*/>\s*)+")
DIMENSIONS = {
    "1.3.0": '<Dimension name="time" units="ISO8601" default="current">{extent}</Dimension>',
    "1.1.1": '<Dimension name="time" units="ISO8601"/><Extent name="time" default="current">{extent}</Extent>',
}


def asked(user: Person, given: Parameters) -> When | None:
    """The past moment that TIME names, None for today; one only, because one map shows one day. Raises MapRefusal."""
    text = given.get("time", "").strip()
    try:
        return None if text.lower() == "current" else moment.asked(user, text, "time")
    except RegistryError as problem:
        raise MapRefusal(str(problem), "InvalidDimensionValue", "time") from None


def extent(user: Person) -> str:
    """The days that `user` may ask for, from the first publication to today; empty where there are none."""
    if not moment.is_open_to(user):
        return ""
    first = History.objects.order_by("pk").values_list(Lower("period"), flat=True).first()
    return f"{localdate(first).isoformat()}/{localdate().isoformat()}/P1D" if first else ""


def told(capabilities: str, version: str, extent: str) -> str:
    """The document with the dimension in its root layer."""
    if not extent:
        return capabilities
    element = DIMENSIONS[version].format(extent=extent)
    return BOXES.sub(lambda boxes: f"{boxes[0].rstrip()}\n    {element}\n    ", capabilities, count=1)
