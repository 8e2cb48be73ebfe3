"""What a transaction or a lock is answered with, in the words of the request's version (OGC 09-025r2, 12.3 and 15.3;
OGC 04-094, 11.3 and 12.3; OGC 02-058, 10.3 and 11.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from uuid import UUID

from lxml import etree

from layers.layer import Layer
from layers.wfs.names import FES, OGC, SCHEMA_LOCATION, SCHEMAS, WFS, WFS_1, WFS_SCHEMA, XSI, tag
from layers.wfs.requests import Version
from layers.wfs.transactions.outcome import Outcome, Result
from layers.writing import Action

TOTALS: dict[Action, str] = {
    "create": "totalInserted",
    "update": "totalUpdated",
    "replace": "totalReplaced",
    "delete": "totalDeleted",
}
# Version 1.1.0 counts what was replaced as updated, and tells of inserted features only.
RESULTS: dict[Action, str] = {"create": "InsertResults", "update": "UpdateResults", "replace": "ReplaceResults"}
SCHEMA_OF = {
    "2.0.0": f"{WFS} {WFS_SCHEMA}",
    "1.1.0": f"{WFS_1} {SCHEMAS}/wfs/1.1.0/wfs.xsd",
    "1.0.0": f"{WFS_1} {SCHEMAS}/wfs/1.0.0/WFS-transaction.xsd",
}


def transaction(outcome: Outcome) -> bytes:
    if outcome.version == "1.0.0":
        return written(_of_1_0(outcome))
    root = element_of(outcome.version, "TransactionResponse", version=outcome.version)
    is_new = outcome.version == "2.0.0"
    summary = child(root, "TransactionSummary")
    for action, name in TOTALS.items():
        if is_new or action != "replace":
            child(summary, name).text = str(len(outcome.done[action]))
    for action, name in RESULTS.items():
        if outcome.done[action] and (is_new or action == "create"):
            results = child(root, name)
            for result in outcome.done[action]:
                named(child(results, "Feature", handle=result.handle), result, outcome)
    return written(root)


def _of_1_0(outcome: Outcome) -> etree._Element:
    """Identifiers in the order of the request, which is how clients know whose they are."""
    root = element_of("1.0.0", "WFS_TransactionResponse", version="1.0.0")
    for handle, results in groupby(outcome.done["create"], key=lambda result: result.handle):
        inserted = child(root, "InsertResult", handle=handle)
        for result in results:
            named(inserted, result, outcome)
    child(child(child(root, "TransactionResult"), "Status"), "SUCCESS")
    return root


def named(parent: etree._Element, result: Result, outcome: Outcome) -> None:
    """The feature's identifier, which tells its version as all do at this address; 2.0.0 has an attribute for it."""
    version = outcome.versions.get(result.id, 0)
    id = identifier(result.layer, result.id, version)
    if outcome.version == "2.0.0":
        resource = etree.SubElement(parent, tag(FES, "ResourceId"), rid=id)
        if version:
            resource.set("version", str(version))
    else:
        etree.SubElement(parent, tag(OGC, "FeatureId"), fid=id)


def identifier(layer: Layer, id: UUID, version: int) -> str:
    return f"{layer.key}.{id}.v{version}"


def lock(version: Version, lock_id: str, locked: Sequence[str], not_locked: Sequence[str]) -> bytes:
    """The lock's identifier, with those of the features that it holds and of those that it could not get."""
    if version == "2.0.0":
        root = element_of(version, "LockFeatureResponse", lockId=lock_id)
    else:
        root = element_of(version, "LockFeatureResponse" if version == "1.1.0" else "WFS_LockFeatureResponse")
        child(root, "LockId").text = lock_id
    for name, ids in (("FeaturesLocked", locked), ("FeaturesNotLocked", not_locked)):
        if ids:
            _listed(child(root, name), version, ids)
    return written(root)


def _listed(parent: etree._Element, version: Version, ids: Iterable[str]) -> None:
    for id in ids:
        if version == "2.0.0":
            etree.SubElement(parent, tag(FES, "ResourceId"), rid=id)
        else:
            etree.SubElement(parent, tag(OGC, "FeatureId"), fid=id)


def element_of(version: Version, name: str, /, **attributes: str) -> etree._Element:
    wfs, ids = (WFS, {"fes": FES}) if version == "2.0.0" else (WFS_1, {"ogc": OGC})
    root = etree.Element(tag(wfs, name), nsmap={"wfs": wfs, **ids, "xsi": XSI})
    for key, value in attributes.items():
        root.set(key, value)
    root.set(SCHEMA_LOCATION, SCHEMA_OF[version])
    return root


def child(parent: etree._Element, name: str, handle: str = "") -> etree._Element:
    """An element of the same namespace; empty attributes are left out."""
    return etree.SubElement(
        parent, tag(etree.QName(parent).namespace or "", name), **({"handle": handle} if handle else {})
    )


def written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
