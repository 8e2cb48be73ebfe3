"""LockFeature and GetFeatureWithLock in XML and in key-value pairs (OGC 09-025r2, 12.2 and 13.2; OGC 04-094, 10 and
11; OGC 02-058, 8 and 10).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from layers.wfs import kvp, xml
from layers.wfs.parameters import Parameters, number
from layers.wfs.requests import QueryExpression, Version
from layers.wfs.transactions.requests import GetFeatureWithLock, LockFeature
from layers.wfs.transactions.xml import is_all
from registries.core.errors import BadInput


def lock_in_xml(root: etree._Element) -> LockFeature:
    version, lock_id = xml.version_of(root), xml.attribute(root, "lockId")
    return LockFeature(
        version=version,
        queries=() if lock_id else _queries(root, version),
        lock_id=lock_id,
        **_terms(xml.attribute(root, "expiry"), xml.attribute(root, "lockAction"), version),
    )


def _queries(root: etree._Element, version: Version) -> tuple[QueryExpression, ...]:
    """Queries; before 2.0.0 each in an element Lock."""
    if version == "2.0.0":
        return xml.queries(root, version)
    found = [query for one in xml.children(root, "Lock") for query in xml.asked_queries(one, version)]
    return tuple(found) or xml.queries(root, version)


def with_lock_in_xml(root: etree._Element) -> GetFeatureWithLock:
    terms = _terms(xml.attribute(root, "expiry"), xml.attribute(root, "lockAction"), xml.version_of(root))
    return _checked(GetFeatureWithLock(**xml.asked_of(root), **terms))


def lock_in_pairs(parameters: Parameters) -> LockFeature:
    version, lock_id = kvp.version_of(parameters), parameters.get("lockId")
    asked = () if lock_id else kvp.asked_of(parameters)["queries"]
    terms = _terms(parameters.get("expiry"), parameters.get("lockAction"), version)
    return LockFeature(version=version, queries=asked, lock_id=lock_id, **terms)


def with_lock_in_pairs(parameters: Parameters) -> GetFeatureWithLock:
    terms = _terms(parameters.get("expiry"), parameters.get("lockAction"), kvp.version_of(parameters))
    return _checked(GetFeatureWithLock(**kvp.asked_of(parameters), **terms))


def _terms(expiry: str, action: str, version: Version) -> dict[str, Any]:
    """The expiry is told in seconds (OGC 09-025r2, 12.2.4.3), before that in minutes (OGC 04-094, 10.2)."""
    count = number(expiry, "expiry")
    unit = timedelta(seconds=1) if version == "2.0.0" else timedelta(minutes=1)
    # A number of any size is read; a lock of more than a day is refused all the same.
    lasts = None if count is None else min(count, 10_000_000) * unit
    return {"lasts": lasts, "whole": is_all(action, "lockAction")}


def _checked(asked: GetFeatureWithLock) -> GetFeatureWithLock:
    """OGC 09-025r2, 13.2.4.3: what is only counted cannot be locked."""
    if asked.hits:
        raise BadInput(_("Only resultType=results can be locked."), locator="resultType")
    return asked
