"""Whatever is posted is answered or refused in XML, never with a failure, and never half done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from registries.changes.models import ChangeItem, FeatureLock
from tests.conftest import EAST, NORTH
from tests.layers.wfs.transactions.editor import NAMES, Editor, delete, hydrant, named, pos, update, value

ANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HERE = pos(EAST + 40, NORTH + 40)
WORDS = [
    *("", "x", "-1", "0", "1e999", "NaN", "true", "2026-02-31", "\ufffd", "'; DROP TABLE x; --", "%s%(a)s{0}", "[1]"),
    *("[2]", "zone:label", "gml:name", "geom", "version", "id", "EPSG:4326", "urn:ogc:def:crs:EPSG::7801", "zones"),
    *("urn:ogc:def:crs:EPSG::0", "water_pipe", "offers", "no.such.thing", "ALL", "SOME", "9" * 400, "а" * 3000),
    *("1 2 3", "1,2 3,4", "water_hydrant.v1"),
]
TAGS = [
    *("Insert", "Update", "Delete", "Replace", "Native", "Property", "Value", "ValueReference", "Name", "Filter"),
    *("ResourceId", "FeatureId", "LockId", "geom", "label", "water_hydrant", "water_pipe", "zones", "Point", "pos"),
    *("coordinates", "Polygon", "And", "Not", "BBOX", "PropertyIsLike", "Function", "Query", "StoredQuery"),
    *("FeatureCollection", "member", "boundedBy"),
]
THEIRS = ("wfs", "wfs/2.0", "gml", "gml/3.2", "ogc", "fes/2.0")
NAMESPACES = ["", "{urn:gis-portal:registry}", *(f"{{http://www.opengis.net/{one}}}" for one in THEIRS)]
ATTRIBUTES = [
    *("version", "handle", "typeName", "lockId", "releaseAction", "srsName", "idgen", "safeToIgnore", "rid", "fid"),
    *("action", "{http://www.opengis.net/gml}id", "{http://www.opengis.net/gml/3.2}id", "expiry", "lockAction"),
]
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
text = st.one_of(st.sampled_from(WORDS), st.text(LETTERS, max_size=20))
TERMS = st.sampled_from(["expiry", "lockAction", "lockId", "count", "startIndex", "version"])


def document(version: str, id: str) -> str:
    actions = [
        hydrant(HERE, label="H", installed_on="2024-05-06"),
        update(id, value("zone:label", "x"), value("zone:geom", HERE), value("gml:name", "n")),
        f"<Replace><zone:water_hydrant><zone:geom>{HERE}</zone:geom></zone:water_hydrant>{named(id)}</Replace>",
        delete("water_hydrant.00000000-0000-4000-8000-000000000009.v1"),
    ]
    names = f'{NAMES[version]} xmlns:zone="urn:gis-portal:registry"'
    return f'<Transaction service="WFS" version="{version}" {names}>{"".join(actions)}</Transaction>'


def mutate(root: etree._Element, draw: Callable[[Any], Any]) -> None:
    """One element of the document becomes another, moves, doubles or goes."""
    elements = list(root.iter())
    element = draw(st.sampled_from(elements))
    what = draw(st.sampled_from(["tag", "text", "attribute", "remove", "double", "wrap", "move", "clear"]))
    parent = element.getparent()
    if what == "text":
        element.text = draw(text)
    elif what == "attribute":
        element.set(draw(st.sampled_from(ATTRIBUTES)), draw(text))
    elif what == "clear":
        element.clear()
    elif what == "tag" or parent is None:
        element.tag = draw(st.sampled_from(NAMESPACES)) + draw(st.sampled_from(TAGS))
    elif what == "remove":
        parent.remove(element)
    elif what == "double":
        parent.append(etree.fromstring(etree.tostring(element, with_tail=False)))
    elif what == "wrap":
        wrapper = etree.Element(draw(st.sampled_from(NAMESPACES)) + draw(st.sampled_from(TAGS)))
        parent.replace(element, wrapper)
        wrapper.append(element)
    else:
        others = [one for one in elements if element not in one.iterancestors() and one is not element]
        target = draw(st.sampled_from(others))
        target.append(element)


def post(editor: Editor, content: bytes) -> None:
    """Answered or refused, and what is refused has changed nothing."""
    before = list(ChangeItem.objects.order_by("pk").values_list("pk", "attributes", "geom"))
    answer = editor.post(content)
    assert answer.status < 500, content
    if answer.root.endswith("Report"):
        assert answer.text, content
        assert list(ChangeItem.objects.order_by("pk").values_list("pk", "attributes", "geom")) == before, content
        assert not FeatureLock.objects.exists()


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "2.0.0"])
@given(data=st.data())
@ANY
def test_a_changed_transaction_is_answered_or_refused(
    editor: Editor, hydrant_id: str, version: str, data: st.DataObject
):
    root = etree.fromstring(document(version, hydrant_id))
    for _times in range(data.draw(st.integers(1, 4))):
        mutate(root, data.draw)
    post(editor, etree.tostring(root))


@given(data=st.data())
@ANY
def test_a_damaged_document_is_answered_or_refused(editor: Editor, hydrant_id: str, data: st.DataObject):
    content = bytearray(document("2.0.0", hydrant_id).encode())
    for _times in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    post(editor, bytes(content))


@pytest.mark.parametrize("name", ["LockFeature", "GetFeatureWithLock"])
@given(attributes=st.dictionaries(TERMS, text, max_size=3))
@ANY
def test_any_terms_of_a_lock_are_answered_or_refused(
    editor: Editor, hydrant_id: str, name: str, attributes: dict[str, str]
):
    FeatureLock.objects.all().delete()
    query = '<Query typeNames="water_hydrant"/>'
    root = etree.fromstring(f'<{name} service="WFS" version="2.0.0" {NAMES["2.0.0"]}>{query}</{name}>')
    for key, written in attributes.items():
        root.set(key, "".join(letter for letter in written if letter.isprintable()))
    answer = editor.post(etree.tostring(root))
    assert answer.status < 500
    assert answer.root.endswith(("Response", "FeatureCollection", "Report"))
