"""Features by identifier: ResourceId of FES 2.0, GmlObjectId of Filter 1.1, FeatureId of 1.0 and 1.1."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from lxml import etree

from layers.filters.nodes import FeatureId, Ids
from layers.moment import When, instant
from layers.wfs import names
from layers.wfs.exceptions import NotParsed, OptionNotServed
from layers.wfs.fes.reading import local, own
from layers.wfs.resolving import split_id

ATTRIBUTES = {
    "ResourceId": ("rid",),
    "FeatureId": ("fid",),
    "GmlObjectId": (f"{{{names.GML_3_1}}}id", f"{{{names.GML}}}id", "id"),
}
# Versions of the database are numbers of 32 bits.
LARGEST = 2**31
# Of a feature's other versions only those of a past day can be asked for, as all features of that day.
NOT_SERVED = ("previousRid", "startDate", "endDate", "startTime", "endTime")


def is_id(element: etree._Element) -> bool:
    return own(element) and local(element) in ATTRIBUTES


def read(elements: Sequence[etree._Element], locator: str) -> tuple[Ids, When | None]:
    """Any of the features named, and the one time at which they are asked for."""
    found = [identifier(element, locator) for element in elements]
    times = {when for _one, when in found}
    if len(times) > 1:
        raise OptionNotServed(_("A filter asks about one time of the registry only."), locator=locator)
    return Ids(tuple(one for one, _when in found)), times.pop()


def identifier(element: etree._Element, locator: str) -> tuple[FeatureId, When | None]:
    written = (element.get(name) for name in ATTRIBUTES[local(element)])
    text = next((one for one in written if one is not None), None)
    if text is None:
        raise NotParsed(_("“%(name)s” names no feature.") % {"name": local(element)}, locator=locator)
    for name in NOT_SERVED:
        if element.get(name) is not None:
            raise not_served(name, locator)
    found = split_id(text.strip())
    if (found.version or 0) >= LARGEST:
        found = FeatureId(found.key, None)
    return versioned(found, element.get("version", "").strip(), locator)


def versioned(found: FeatureId, version: str, locator: str) -> tuple[FeatureId, When | None]:
    """The attribute `version` (OGC 09-026r2, 7.11): a number, the last one, or the one that was current at a time."""
    if version in ("", "LAST"):
        return found, None
    if version.isascii() and version.isdigit():
        number = int(version) if len(version) < 10 else LARGEST
        return FeatureId(found.key, found.id if number < LARGEST else None, number), None
    if version in ("FIRST", "PREVIOUS", "NEXT", "ALL"):
        raise not_served(f"version={version}", locator)
    return found, instant(version, locator)


def not_served(name: str, locator: str) -> OptionNotServed:
    return OptionNotServed(
        _("“%(name)s” of ResourceId is not served.") % {"name": name},
        locator=locator,
        hint=_("Ask for the version by its number, or by the time at which it was current."),
    )
