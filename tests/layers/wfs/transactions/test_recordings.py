"""The transactions that QGIS 3.40 really sent, replayed against our layers: each changes the draft as it says.

Names and places of the service that was recorded become ours; nothing else of a request is touched.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree

from layers.wfs.names import GML_3_1, NAMESPACE, WFS_1
from registries.changes.edits import Edit
from tests.conftest import EAST, NORTH, Publish, hydrant, line, parcel, pipe, point, square
from tests.layers.served import Served
from tests.layers.wfs.transactions.editor import Answer, Editor, place, uuid_of

FOLDER = Path(os.environ.get("RECORDINGS", Path(__file__).parents[5] / "shared" / "recordings")) / "qgis-3.40-wfs"
THEIRS = "http://example.org/zone"
TYPES = {"hydrant": "water_hydrant", "pipe": "water_pipe", "pipez": "water_pipe", "parcel": "parcels"}
COMMON = {"code": "label", "built": "installed_on", "note": "capacity_unit", "geom": "geom"}
COLUMNS = {
    "hydrant": {**COMMON, "diameter": "ground_height_m", "length_m": "accuracy_m", "active": "is_open"},
    "pipe": {**COMMON, "diameter": "diameter_mm", "length_m": "cover_m"},
    "parcel": {"code": "label", "diameter": "legal_area_m2", "built": "valid_from", "note": "address", "geom": "geom"},
}  # fmt: skip
COLUMNS["pipez"] = COLUMNS["pipe"]
# What an addition needs that theirs did not.
NEEDED = {
    "hydrant": {"network": "Водопровод"},
    "pipe": {"network": "Водопровод"},
    "parcel": {"national_cadastral_reference": "73626.9.{number}", "zone": "east"},
}
SYSTEMS = {"4326": "4326", "28408": "7801", "32639": "32635"}
# The numbers that they wrote, east and north; each system is known by their size.
RANGES = {"4326": ((50, 51), (53, 54)), "28408": ((8.4e6, 8.5e6), (5.9e6, 6e6)), "32639": ((3e5, 4e5), (5.9e6, 6e6))}
VALUES = {"upd", "upd2", 'N-"1" <é>', "N-2"}


def recorded(mark: str) -> list[Path]:
    return sorted(FOLDER.glob(f"*_{mark}_Transaction.txt")) if FOLDER.is_dir() else []


def body_of(path: Path) -> str:
    return path.read_text().partition("--- request body ---\n")[2].partition("\n\n--- response")[0]


def ids_answered(path: Path) -> list[str]:
    return re.findall(r'<ogc:FeatureId fid="([^"]+)"', path.read_text().partition("--- response")[2])


class Replay:
    """One recording after another; what theirs called a feature is remembered beside what ours does."""

    def __init__(self, editor: Editor, known: dict[str, str]) -> None:
        self.editor, self.known, self.number = editor, known, 0

    def send(self, path: Path) -> tuple[etree._Element, Answer]:
        root = etree.fromstring(body_of(path).replace(THEIRS, NAMESPACE))
        kind = next(iter(self.kinds(root)))
        for element in list(root.iter()):
            self.translate(element, kind)
        for element in root.iter():
            if name := element.get("srsName"):
                element.set("srsName", re.sub(r"\d+$", lambda code: SYSTEMS[code[0]], name))
        answer = self.editor.post(etree.tostring(root))
        assert len(answer.ids) == len(ids_answered(path)), f"{path.name}: {answer.text}"
        self.known |= dict(zip(ids_answered(path), answer.ids, strict=True))
        return root, answer

    def kinds(self, root: etree._Element) -> Iterator[str]:
        for action in root:
            yield action.get("typeName", "").rpartition(":")[2] or etree.QName(action[0]).localname

    def translate(self, element: etree._Element, kind: str) -> None:
        name = etree.QName(element)
        if name.namespace == NAMESPACE:
            self.translate_own(element, kind, name.localname)
        elif name.localname == "Property":
            self.translate_property(element, kind)
        elif name.localname == "FeatureId":
            element.set("fid", self.known[element.get("fid")])
        elif "typeName" in element.attrib:
            element.set("typeName", f"zone:{TYPES[kind]}")
        elif name.localname in ("coordinates", "pos", "posList"):
            element.text = re.sub(r"[0-9.]+", lambda number: moved(float(number[0]), system_of(element)), element.text)

    def translate_own(self, element: etree._Element, kind: str, name: str) -> None:
        if name == kind:
            element.tag = f"{{{NAMESPACE}}}{TYPES[kind]}"
            self.number += 1
            for needed, value in NEEDED[kind].items():
                etree.SubElement(element, f"{{{NAMESPACE}}}{needed}").text = value.format(number=self.number)
        elif name in COLUMNS[kind]:
            element.tag = f"{{{NAMESPACE}}}{COLUMNS[kind][name]}"
        elif name not in NEEDED.get(kind, ()):
            element.getparent().remove(element)

    def translate_property(self, element: etree._Element, kind: str) -> None:
        name = element[0]
        theirs = name.text.rpartition(":")[2]
        name.text = f"zone:{COLUMNS[kind][theirs]}"


def system_of(element: etree._Element) -> str:
    holder = next(one for one in element.iterancestors() if one.get("srsName"))
    return re.search(r"(\d+)$", holder.get("srsName"))[1]


def moved(number: float, system: str) -> str:
    """Their number as one of ours: a system keeps its order of axes, and a metre or a thousandth of a degree its
    length.
    """
    origin = place(EAST + 300, NORTH + 300, int(SYSTEMS[system]))
    for axis, (low, high) in enumerate(RANGES[system]):
        if low <= number < high:
            share = number - low
            return repr(origin[axis] + (share / 1000 if system == "4326" else share))
    raise AssertionError(f"{number} is none of {system}")


def expected(root: etree._Element) -> list[list[tuple[float, float]]]:
    """The places of each geometry sent, in our plane, as PostGIS transforms them."""
    found = []
    for holder in root.iter():
        if holder.get("srsName") and etree.QName(holder).namespace == GML_3_1:
            srid = int(re.search(r"(\d+)$", holder.get("srsName"))[1])
            texts = [
                one.text for one in holder.iter() if etree.QName(one).localname in ("coordinates", "pos", "posList")
            ]
            numbers = [float(number) for text in texts for number in re.findall(r"[0-9.]+", text)]
            # East is the smaller number in each of the three systems here.
            pairs = [(min(pair), max(pair)) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
            found.append([place(*pair, 7801, srid) for pair in pairs])
    return found


@pytest.fixture
def replay(served: Served, publish: Publish, editor: Editor) -> Replay:
    """Three features of each kind that was recorded, and a pipe with heights."""
    network = served.network
    published = {
        "hydrant": [hydrant(network, point(10 * n, 40), label=f"R-{n}") for n in (1, 2, 3)],
        "pipe": [pipe(network, line((10, 800 + n), (90, 810 + n)), label=f"R-{n}") for n in (1, 2, 3)],
        "pipez": [pipe(network, line((10, 850, 190), (90, 860, 191)), label="R-4")],
        "parcel": [parcel(f"73626.2.{n}", square(100 * n, 500, 50), label=f"R-{n}") for n in (1, 2, 3)],
    }
    publish([edit for edits in published.values() for edit in edits])
    return Replay(
        editor, {f"{kind}.{n}": ours(kind, one) for kind, edits in published.items() for n, one in enumerate(edits, 1)}
    )


def ours(kind: str, edit: Edit) -> str:
    return f"{TYPES[kind]}.{edit.object_id}.v1"


def touched(root: etree._Element) -> list[tuple[str, UUID]]:
    """Layer and identifier of the features that a filter names."""
    fids = [one.get("fid") for one in root.iter("{*}FeatureId")]
    return [(fid.split(".")[0], uuid_of(fid)) for fid in fids]


pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no recordings at {FOLDER}; set RECORDINGS to their folder"
)


@pytest.mark.parametrize("capabilities", ["2.0.0", "1.1.0", "1.0.0"])
def test_each_transaction_is_done_as_it_says(replay: Replay, capabilities: str):
    paths = recorded(f"{capabilities}_plain")
    assert len(paths) > 20
    for path in paths:
        root, answer = replay.send(path)
        check(replay.editor, root, answer, path.name)


def check(editor: Editor, root: etree._Element, answer: Answer, name: str) -> None:
    actions = {etree.QName(action).localname for action in root}
    if emptied(root):
        assert answer.root in ("ExceptionReport", "ServiceExceptionReport"), name
        assert "geom" in answer.text
        return
    assert answer.status == 200, name
    assert answer.root.endswith("TransactionResponse"), f"{name}: {answer.text}"
    if answer.xml.get("version") == "1.1.0":
        assert sum(answer.totals.values()) > 0, name
    else:
        assert answer.all("//TransactionResult/Status/SUCCESS"), name
    features = touched(root) if "Insert" not in actions else [(id.split(".")[0], uuid_of(id)) for id in answer.ids]
    for (layer, id), places in zip(features, expected(root), strict=False):
        assert far(editor.places(layer, id), places) < 0.001, name
    for layer, id in features:
        row = editor.row(layer, id)
        assert (row is None) == ("Delete" in actions), name
        if row is not None and VALUES & set(root.itertext()):
            assert row["label"] in VALUES, name


def emptied(root: etree._Element) -> bool:
    values = root.iter(f"{{{WFS_1}}}Property")
    return any(one[0].text == "zone:geom" and (len(one) < 2 or not len(one[1])) for one in values)


def far(found: list[tuple[float, ...]], wanted: list[tuple[float, float]]) -> float:
    """The largest distance of a place that was sent from the nearest that is stored."""
    assert found
    assert len(found) == len(wanted)
    return max(min(max(abs(x - p[0]), abs(y - p[1])) for p in found) for x, y in wanted)


@pytest.mark.parametrize("mark", ["ex200", "ex400"])
@pytest.mark.parametrize("capabilities", ["2.0.0", "1.1.0", "1.0.0"])
def test_what_qgis_sent_and_was_refused_is_read(replay: Replay, capabilities: str, mark: str):
    for path in recorded(f"{capabilities}_{mark}"):
        _root, answer = replay.send(path)
        assert answer.root.endswith("TransactionResponse"), answer.text
