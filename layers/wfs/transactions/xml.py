"""A Transaction in XML (OGC 09-025r2, 15; OGC 04-094, 12; OGC 02-058, 9) as one plain structure.

The `version` attribute alone decides: clients put the words of one version into the namespaces of another. Elements
are known by their local names, and what is spelled in two ways is read in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import get_args

from django.utils.translation import gettext as _
from lxml import etree

from layers.crs import Reference
from layers.wfs import fes
from layers.wfs.exceptions import MissingParameter, NotParsed
from layers.wfs.parameters import local_name, srs_name
from layers.wfs.requests import AdHocQuery, Version
from layers.wfs.transactions.refusals import InvalidValue, NativeRefused
from layers.wfs.transactions.requests import (
    Action,
    Change,
    Delete,
    Insert,
    Naming,
    Replace,
    Transaction,
    Update,
)
from layers.wfs.xml import version_of
from registries.core.errors import BadInput
from registries.core.records import STANDARD_PROPERTIES

GML_NAMESPACES = ("http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2")
COLLECTIONS, MEMBERS = ("FeatureCollection", "SimpleFeatureCollection"), ("member", "featureMember", "featureMembers")
# A step with a position, such as `gml:name[1]`.
STEP = re.compile(r"(?:([\w.-]+):)?([\w.-]+)(?:\[([0-9]{1,4})\])?")
# Of a property that has one value there is nothing to put before or after (OGC 09-025r2, 15.2.5.2.1).
REPLACES, REMOVES = ("", "replace"), "remove"

Reader = Callable[[etree._Element, Version, int, Reference | None], Action | None]


def transaction(root: etree._Element) -> Transaction:
    """The request that the element makes; BadInput with the locator of what is wrong."""
    version = version_of(root)
    outer = srs_name(root.get("srsName", ""), version)
    actions: list[Action] = []
    lock_id = root.get("lockId", "").strip()
    for number, element in enumerate(root, start=1):
        name = local(element)
        if name == "LockId":
            lock_id = (element.text or "").strip()
            continue
        if name not in READERS:
            raise NotParsed(_("A transaction has no element “%(name)s”.") % {"name": name[:80]}, locator=name[:80])
        reference = srs_name(element.get("srsName", ""), version) or outer
        action = READERS[name](element, version, number, reference)
        if action is not None:
            actions.append(action)
    return Transaction(
        version=version,
        actions=tuple(actions),
        lock_id=lock_id,
        release_all=releases_all(root.get("releaseAction", "")),
    )


def releases_all(value: str) -> bool:
    return is_all(value, "releaseAction")


def is_all(value: str, locator: str) -> bool:
    """ALL, which is also meant where nothing is said, or SOME."""
    if value.strip().upper() not in ("", "ALL", "SOME"):
        raise BadInput(_("“%(name)s” is ALL or SOME.") % {"name": locator}, locator=locator)
    return value.strip().upper() != "SOME"


def insert(element: etree._Element, version: Version, number: int, reference: Reference | None) -> Insert:
    # Since 2.0.0 nothing is said of identifiers: one of ours that is free is kept, so that what was removed comes back.
    given = element.get("idgen", "ReplaceDuplicate" if version == "2.0.0" else "GenerateNew")
    naming = next((one for one in get_args(Naming) if one == given), None)
    if naming is None:
        raise BadInput(_("“%(name)s” is one of: %(known)s.")
                       % {"name": "idgen", "known": ", ".join(get_args(Naming))}, locator="idgen")  # fmt: skip
    features = tuple(features_of(element))
    if not features:
        raise MissingParameter(_("There is no feature to insert."), locator="Insert")
    return Insert(
        number=number, handle=element.get("handle", ""), reference=reference, features=features, naming=naming
    )


def features_of(element: etree._Element) -> Iterator[etree._Element]:
    """The features in an Insert, be it in collections."""
    for child in element:
        name = local(child)
        if name in COLLECTIONS or name in MEMBERS:
            yield from features_of(child)
        elif not (name == "boundedBy" and is_gml(child)):
            yield child


def update(element: etree._Element, version: Version, number: int, reference: Reference | None) -> Update:
    changes = tuple(change(child) for child in element if local(child) == "Property")
    if not changes:
        raise MissingParameter(_("There is no property to update."), locator="Property")
    return Update(
        number=number,
        handle=element.get("handle", ""),
        reference=reference,
        query=query(element, type_name(element), version),
        changes=changes,
    )


def change(element: etree._Element) -> Change:
    named = next((child for child in element if local(child) in ("Name", "ValueReference")), None)
    value = next((child for child in element if local(child) == "Value"), None)
    if named is None:
        raise MissingParameter(_("A property to update has no name."), locator="ValueReference")
    name, action = property_name(named), named.get("action", "")
    if action == REMOVES:
        return Change(name, None)
    if action not in REPLACES:
        raise InvalidValue(
            _("“%(name)s” has one value at most: nothing can be put before or after it.") % {"name": name[:80]},
            locator=name[:80],
            hint=_("Use the action “replace”."),
        )
    return Change(name, value)


def property_name(element: etree._Element) -> str:
    """The last step of a path such as `zone:pipe/zone:label[1]`, with `gml:` if it is one of GML's own."""
    text = (element.text or "").strip()
    found = STEP.fullmatch(text.rpartition("/")[2])
    if found is None or found[3] not in (None, "1"):
        raise InvalidValue(_("“%(name)s” is no name of a property.") % {"name": text[:80]}, locator=text[:80])
    prefix, name = found[1], found[2]
    if not prefix or (prefix != "gml" and element.nsmap.get(prefix) not in GML_NAMESPACES):
        return name
    if f"gml:{name}" not in STANDARD_PROPERTIES:
        raise InvalidValue(_("This follows from the rest and cannot be written."), locator=text[:80])
    return f"gml:{name}"


def replace(element: etree._Element, version: Version, number: int, reference: Reference | None) -> Replace:
    features = [child for child in element if local(child) != "Filter"]
    if len(features) != 1:
        raise NotParsed(_("Replace holds one feature and one filter."), locator="Replace")
    return Replace(
        number=number,
        handle=element.get("handle", ""),
        reference=reference,
        query=query(element, local(features[0]), version),
        feature=features[0],
    )


def delete(element: etree._Element, version: Version, number: int, reference: Reference | None) -> Delete:
    return Delete(
        number=number,
        handle=element.get("handle", ""),
        reference=reference,
        query=query(element, type_name(element), version),
    )


def native(element: etree._Element, version: Version, number: int, reference: Reference | None) -> None:
    """OGC 09-025r2, 15.2.8: done by nobody, so it must be safe to pass over."""
    if element.get("safeToIgnore", "").strip().lower() not in ("true", "1"):
        raise NativeRefused(locator=element.get("vendorId", "")[:80] or "Native")


def type_name(element: etree._Element) -> str:
    given = element.get("typeName", "").strip()
    if not given:
        raise MissingParameter(_("The parameter “%(name)s” is missing.") % {"name": "typeName"}, locator="typeName")
    return local_name(given)


def query(element: etree._Element, type_name: str, version: Version) -> AdHocQuery:
    """The features of the type that the filter tells, which must be there: nobody means all by saying nothing."""
    found = [child for child in element if local(child) == "Filter"]
    if len(found) != 1:
        raise MissingParameter(
            _("The action names no features."),
            locator="Filter",
            hint=_("Add a filter; features are never changed for want of one."),
        )
    condition = fes.read(found[0], version)
    if condition.when is not None or condition.node is None:
        raise InvalidValue(_("Only what is current can be changed."), locator="Filter")
    return AdHocQuery(type_names=(type_name,), filter=condition.node)


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def is_gml(element: etree._Element) -> bool:
    return etree.QName(element).namespace in GML_NAMESPACES


READERS: dict[str, Reader] = {
    "Insert": insert,
    "Update": update,
    "Replace": replace,
    "Delete": delete,
    "Native": native,
}
