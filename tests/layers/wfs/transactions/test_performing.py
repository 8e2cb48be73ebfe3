"""Transactions at the door, in each version: what is done, what the answer says, and that it is all or nothing."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from registries.changes.models import ChangeItem, ChangeSet
from tests.conftest import EAST, NORTH
from tests.layers.served import Served
from tests.layers.wfs.transactions.editor import Editor, delete, hydrant, named, place, pos, update, uuid_of, value

VERSIONS = ["1.0.0", "1.1.0", "2.0.0"]
MILLIMETRE = 0.001
HERE = pos(EAST + 40, NORTH + 40)


def apart(found: tuple[float, ...], wanted: tuple[float, ...]) -> float:
    return max(abs(a - b) for a, b in zip(found[:2], wanted, strict=True))


@pytest.mark.parametrize("version", VERSIONS)
def test_an_insert_lands_in_the_draft_and_is_told(editor: Editor, version: str):
    answer = editor.do(hydrant(HERE, label="H-2", installed_on="2024-05-06"), version=version)
    (id,) = answer.ids
    row = editor.row("water_hydrant", uuid_of(id))
    assert answer.status == 200, answer.text
    assert row is not None
    assert (row["label"], row["installed_on"], id[-3:]) == ("H-2", date(2024, 5, 6), ".v0")
    assert apart(editor.places("water_hydrant", uuid_of(id))[0], (EAST + 40, NORTH + 40)) < MILLIMETRE


def test_the_answer_of_1_0_0_is_what_qgis_looks_for(editor: Editor, hydrant_id: str):
    answer = editor.do(hydrant(HERE), update(hydrant_id, value("label", "x")), version="1.0.0")
    assert answer.root == "WFS_TransactionResponse"
    assert len(answer.all("//InsertResult/FeatureId")) == len(answer.all("//TransactionResult/Status/SUCCESS")) == 1


def test_the_answer_of_1_1_0_counts(editor: Editor, hydrant_id: str):
    answer = editor.do(hydrant(HERE), update(hydrant_id, value("label", "x")), version="1.1.0")
    assert answer.root == "TransactionResponse"
    assert answer.totals == {"inserted": 1, "updated": 1, "deleted": 0}


def test_the_answer_of_2_0_0_names_what_was_done(editor: Editor, hydrant_id: str):
    answer = editor.do(hydrant(HERE), update(hydrant_id, value("label", "x")))
    assert answer.totals == {"inserted": 1, "updated": 1, "replaced": 0, "deleted": 0}
    (told,) = answer.all("//UpdateResults/Feature/ResourceId")
    assert (told.get("rid"), told.get("version")) == (hydrant_id, "1")


def test_handles_come_back(editor: Editor):
    answer = editor.do(hydrant(HERE).replace("<Insert>", '<Insert handle="mine">'))
    assert answer.all("//InsertResults/Feature")[0].get("handle") == "mine"


def test_identifiers_come_in_the_order_of_the_request(editor: Editor):
    answer = editor.do(*(hydrant(HERE, label=f"N-{n}") for n in range(5)), version="1.0.0")
    rows = [editor.row("water_hydrant", uuid_of(id)) for id in answer.ids]
    assert [row and row["label"] for row in rows] == [f"N-{n}" for n in range(5)]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_place_is_where_its_system_says(editor: Editor, version: str):
    """In 1.0.0 x always comes first; later in the authority's order for URN and URI."""
    for srid in (7801, 4326, 3857):
        x, y = place(EAST + 40, NORTH + 40, srid)
        for name in (f"EPSG:{srid}", f"urn:ogc:def:crs:EPSG::{srid}", f"http://www.opengis.net/def/crs/EPSG/0/{srid}"):
            north_first = version != "1.0.0" and srid != 3857 and not name.startswith("EPSG")
            answer = editor.do(hydrant(pos(y, x, name) if north_first else pos(x, y, name)), version=version)
            assert answer.ids, answer.text
            (found,) = editor.places("water_hydrant", uuid_of(answer.ids[0]))
            assert apart(found, (EAST + 40, NORTH + 40)) < MILLIMETRE, name


@pytest.mark.parametrize("version", VERSIONS)
def test_flipped_coordinates_are_refused_with_a_hint(editor: Editor, version: str):
    x, y = EAST + 40, NORTH + 40
    for name in ("EPSG:7801", "urn:ogc:def:crs:EPSG::7801"):
        x_first = version == "1.0.0" or name.startswith("EPSG")
        answer = editor.do(hydrant(pos(y, x, name) if x_first else pos(x, y, name)), version=version)
        assert answer.root.endswith("ExceptionReport"), name
        assert answer.locator == "geom"
    assert not ChangeItem.objects.filter(change_set__source="qgis").exists()


def test_an_update_changes_just_what_it_names(editor: Editor, hydrant_id: str):
    editor.do(update(hydrant_id, value("zone:label", "upd"), value("zone:ground_height_m", None)), version="1.1.0")
    row = editor.row("water_hydrant", uuid_of(hydrant_id))
    assert row is not None
    assert (row["label"], row["ground_height_m"], row["status"]) == ("upd", None, "functional")


def test_an_empty_value_is_an_empty_text(editor: Editor, hydrant_id: str):
    editor.do(update(hydrant_id, value("label", "")))
    row = editor.row("water_hydrant", uuid_of(hydrant_id))
    assert row is not None
    assert row["label"] == ""


def test_an_update_of_nothing_is_no_error(editor: Editor):
    answer = editor.do(update(f"water_hydrant.{uuid4()}", value("label", "x")), delete("water_hydrant.other"))
    assert (answer.status, answer.totals) == (200, {"inserted": 0, "updated": 0, "replaced": 0, "deleted": 0})


def test_an_empty_transaction_is_answered(editor: Editor):
    assert editor.do().totals == {"inserted": 0, "updated": 0, "replaced": 0, "deleted": 0}


def by_filter(property: str, literal: str) -> str:
    return (
        f"<fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>{property}</fes:ValueReference>"
        f"<fes:Literal>{literal}</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>"
    )


def test_any_filter_chooses(editor: Editor, served: Served):
    answer = editor.do(f'<Delete typeName="zone:water_pipe">{by_filter("zone:material", "PE")}</Delete>')
    left = [edit for edit in served.pipes if editor.row("water_pipe", edit.object_id)]
    assert answer.totals["deleted"] == 3
    assert {edit.columns["material"] for edit in left} == {"steel"}


def test_a_filter_sees_what_earlier_actions_did(editor: Editor):
    answer = editor.do(
        hydrant(HERE, label="one"),
        f'<Update typeName="zone:water_hydrant">{value("label", "two")}{by_filter("label", "one")}</Update>',
        f'<Delete typeName="zone:water_hydrant">{by_filter("label", "two")}</Delete>',
    )
    assert answer.totals == {"inserted": 1, "updated": 1, "replaced": 0, "deleted": 1}
    assert editor.count("water_hydrant") == 1


def test_a_deletion_is_seen_by_its_author_at_once(editor: Editor, hydrant_id: str):
    assert editor.do(delete(hydrant_id)).totals["deleted"] == 1
    assert editor.get("GetFeature", typenames="zone:water_hydrant").xml.get("numberReturned") == "0"


def test_an_insertion_is_seen_by_its_author_at_once(editor: Editor):
    (id,) = editor.do(hydrant(HERE)).ids
    assert (
        editor.get("GetFeature", resourceid=id).all("//member/water_hydrant")[0].xpath("string(@*[local-name()='id'])")
        == id
    )


def test_a_replacement_sets_everything(editor: Editor, hydrant_id: str):
    feature = f"<zone:water_hydrant><zone:label>new</zone:label><zone:geom>{HERE}</zone:geom></zone:water_hydrant>"
    answer = editor.do(f"<Replace>{feature}{named(hydrant_id)}</Replace>")
    row = editor.row("water_hydrant", uuid_of(hydrant_id))
    assert answer.totals["replaced"] == 1, answer.text
    assert row is not None
    assert (row["label"], row["ground_height_m"]) == ("new", None)
    assert apart(editor.places("water_hydrant", uuid_of(hydrant_id))[0], (EAST + 40, NORTH + 40)) < MILLIMETRE


def test_one_feature_replaces_one(editor: Editor, served: Served):
    ids = [f"water_pipe.{edit.object_id}" for edit in served.pipes[:2]]
    answer = editor.do(f"<Replace><zone:water_pipe/>{named(*ids)}</Replace>")
    assert (answer.status, answer.code) == (400, "InvalidValue")


def test_one_bad_action_of_three_undoes_all(editor: Editor, hydrant_id: str):
    answer = editor.do(
        hydrant(HERE, label="good"), update(hydrant_id, value("label", "good")), hydrant(HERE, installed_on="soon")
    )
    assert answer.root == "ExceptionReport"
    assert not ChangeSet.objects.filter(source="qgis").exists()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_problem_is_told_in_one_text(editor: Editor, version: str):
    answer = editor.do(
        hydrant(HERE, no_such="x"), hydrant(pos(1, 2, "EPSG:9999")), hydrant("", label="z"), version=version
    )
    assert all(word in answer.text for word in ("no_such", "EPSG:9999", "1", "2", "3"))
    assert answer.status == (400 if version == "2.0.0" else 200)
    assert len(answer.all("//Exception") + answer.all("//ServiceException")) == 1


def test_the_words_are_in_the_language_of_the_person(editor: Editor):
    editor.language = "bg"
    assert "името" in editor.do('<Native vendorId="x" safeToIgnore="false"/>').content.decode() or any(
        "а" <= letter <= "я" for letter in editor.do(hydrant("")).text.lower()
    )


@pytest.mark.parametrize(
    ("action", "code", "locator"),
    [
        (hydrant(HERE, no_such="x"), "InvalidValue", "no_such"),
        (hydrant(HERE, installed_on="soon"), "InvalidValue", "installed_on"),
        ("<Insert><zone:no_such/></Insert>", "InvalidValue", "no_such"),
        ('<Insert><water_hydrant xmlns="urn:somebody"/></Insert>', "InvalidValue", "water_hydrant"),
        (update("x", value("a", "b"), layer="no_such"), "InvalidParameterValue", "typeNames"),
        ('<Native vendorId="x" safeToIgnore="false"/>', "OperationProcessingFailed", "x"),
        ('<Delete typeName="zone:water_hydrant"/>', "MissingParameterValue", "Filter"),
        ("<Drop/>", "OperationParsingFailed", "Drop"),
    ],
)  # fmt: skip
def test_a_refusal_has_the_standards_code_and_says_where(editor: Editor, action: str, code: str, locator: str):
    answer = editor.do(action)
    assert (answer.code, answer.locator) == (code, locator), answer.text
    assert 400 <= answer.status < 500


def test_what_is_computed_is_not_written_by_name(editor: Editor, served: Served):
    id = f"water_pipe.{served.pipes[0].object_id}"
    answer = editor.do(update(id, value("length_m", "1"), layer="water_pipe"))
    assert (answer.status, answer.code, answer.locator) == (400, "InvalidValue", "length_m")


def test_what_was_read_can_be_sent_back_whole(editor: Editor, hydrant_id: str):
    """A copy holds what is computed and GML's own properties too."""
    read = editor.get("GetFeature", resourceid=hydrant_id)
    feature = read.content.decode().partition("<wfs:member>")[2].partition("</wfs:member>")[0]
    answer = editor.do(f'<Insert xmlns:wfs="http://www.opengis.net/wfs/2.0">{feature}</Insert>')
    assert answer.totals["inserted"] == 1, answer.text
    copy, first = editor.row("water_hydrant", uuid_of(answer.ids[0])), editor.row("water_hydrant", uuid_of(hydrant_id))
    assert copy is not None
    assert first is not None
    computed = ("id", "version", "begin_lifespan_version")
    assert {name: one for name, one in copy.items() if name not in computed} == {
        name: one for name, one in first.items() if name not in computed
    }


@pytest.mark.parametrize("name", ["gml:name", "gml:description", "gml:identifier"])
def test_gmls_own_properties_come_back(editor: Editor, hydrant_id: str, name: str):
    assert editor.do(update(hydrant_id, value(f"{name}[1]", "Lorem ipsum"))).totals["updated"] == 1
    assert f"Lorem ipsum</{name}>" in editor.get("GetFeature", resourceid=hydrant_id).content.decode()


def test_the_bounds_of_a_feature_are_not_written(editor: Editor, hydrant_id: str):
    point = '<kml:Point xmlns:kml="http://www.opengis.net/kml/2.2"><kml:coordinates>1,2</kml:coordinates></kml:Point>'
    answer = editor.do(update(hydrant_id, value("gml:boundedBy", point)))
    assert (answer.status, answer.code) == (400, "InvalidValue")


def test_an_empty_geometry_is_refused(editor: Editor, hydrant_id: str):
    for empty in ("", None):
        answer = editor.do(update(hydrant_id, value("zone:geom", empty)), version="1.0.0")
        assert answer.locator == "geom"
    assert not ChangeItem.objects.filter(change_set__source="qgis").exists()


@pytest.mark.parametrize("naming", ["UseExisting", "ReplaceDuplicate"])
def test_an_identifier_of_ours_is_kept(editor: Editor, naming: str):
    known = uuid4()
    insert = hydrant(HERE).replace("<Insert>", f'<Insert idgen="{naming}">')
    feature = insert.replace("<zone:water_hydrant>", f'<zone:water_hydrant gml:id="water_hydrant.{known}">')
    assert [uuid_of(id) for id in editor.do(feature, version="1.1.0").ids] == [known]


def test_an_identifier_that_cannot_be_ours_is_not_kept(editor: Editor):
    insert = hydrant(HERE).replace("<zone:water_hydrant>", '<zone:water_hydrant gml:id="mine">')
    answer = editor.do(insert.replace("<Insert>", '<Insert idgen="UseExisting">'), version="1.1.0")
    assert (answer.code, answer.locator) == ("InvalidValue", "gml:id")
    assert len(editor.do(insert).ids) == 1


def test_an_identifier_that_is_taken_is_refused_or_replaced(editor: Editor, hydrant_id: str):
    insert = hydrant(HERE).replace("<zone:water_hydrant>", f'<zone:water_hydrant gml:id="{hydrant_id}">')
    using, replacing = (
        insert.replace("<Insert>", f'<Insert idgen="{one}">') for one in ("UseExisting", "ReplaceDuplicate")
    )
    assert editor.do(using, version="1.1.0").root == "ExceptionReport"
    assert uuid_of(editor.do(replacing, version="1.1.0").ids[0]) != uuid_of(hydrant_id)


def test_key_value_pairs_delete(editor: Editor, hydrant_id: str):
    assert editor.get("Transaction", operation="Delete").code == "MissingParameterValue"
    assert editor.get("Transaction", operation="Insert", resourceid=hydrant_id).code == "OptionNotSupported"
    assert editor.get("Transaction", operation="Delete", resourceid=hydrant_id).totals["deleted"] == 1


def test_key_value_pairs_delete_by_filter_and_box(editor: Editor, served: Served):
    filter = '<Filter xmlns="http://www.opengis.net/fes/2.0">' + by_filter("label", "P-1").replace("fes:", "")[8:]
    asked = {"operation": "Delete", "typenames": "zone:water_pipe"}
    assert editor.get("Transaction", **asked, filter=filter).totals["deleted"] == 1
    box = f"{EAST},{NORTH + 200},{EAST + 100},{NORTH + 299},EPSG:7801"
    assert editor.get("Transaction", **asked, bbox=box).totals["deleted"] == 1
    assert editor.row("water_pipe", served.pipes[2].object_id) is None


def test_features_without_a_name_are_counted(editor: Editor):
    answer = editor.do(hydrant(HERE, label="good"), hydrant(HERE, installed_on="soon"), hydrant(HERE, no_such="x"))
    assert "№ 2" in answer.text
    assert "№ 3" in answer.text


def test_what_was_removed_comes_back_as_itself_whatever_comes_first(editor: Editor, served: Served):
    """Parcels before the zone that they lie in, all of it deleted before."""
    named = [f"parcels.{edit.object_id}.v1" for edit in served.parcels] + [f"zones.{served.network.zone_id}.v1"]
    content = [editor.get("GetFeature", resourceid=id).content.decode() for id in named]
    features = [one.partition("<wfs:member>")[2].partition("</wfs:member>")[0] for one in content]
    assert editor.do(*(delete(id, layer=id.split(".")[0]) for id in named)).totals["deleted"] == len(named)
    answer = editor.do(*(f"<Insert>{feature}</Insert>" for feature in features))
    assert answer.ids == named, answer.text
    for edit in served.parcels:
        row = editor.row("parcels", edit.object_id)
        assert row is not None
        assert row["national_cadastral_reference"] == edit.columns["national_cadastral_reference"]
        assert row["zone_id"] == served.network.zone_id


def test_bounds_are_refused_even_without_a_filter(editor: Editor):
    point = '<kml:Point xmlns:kml="http://www.opengis.net/kml/2.2"><kml:coordinates>1,2</kml:coordinates></kml:Point>'
    answer = editor.do(f'<Update typeName="zone:zones">{value("gml:boundedBy", point)}</Update>')
    assert (answer.status, answer.code) == (400, "InvalidValue")


def test_a_filter_that_cannot_be_worked_out_is_the_requests_fault(editor: Editor):
    """A division by zero is found by the database only."""
    sum = "<fes:Div><fes:ValueReference>diameter_mm</fes:ValueReference><fes:Literal>0</fes:Literal></fes:Div>"
    filter = (
        f"<fes:Filter><fes:PropertyIsEqualTo>{sum}<fes:Literal>1</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>"
    )
    answer = editor.do(f'<Delete typeName="zone:water_pipe">{filter}</Delete>', version="1.1.0")
    assert answer.root.endswith(("TransactionResponse", "ExceptionReport"))
    assert editor.count("water_pipe") == 7


def test_a_drafted_copy_does_not_make_a_name_doubtful(editor: Editor, served: Served):
    """A zone is copied with its code, and a parcel still lies in the published one."""
    zone, parcel = f"zones.{served.network.zone_id}.v1", f"parcels.{served.parcels[0].object_id}.v1"
    content = editor.get("GetFeature", resourceid=zone).content.decode()
    copy = content.partition("<wfs:member>")[2].partition("</wfs:member>")[0]
    assert editor.do(f"<Insert>{copy}</Insert>").totals["inserted"] == 1
    answer = editor.do(update(parcel, value("zone", "east"), layer="parcels"))
    row = editor.row("parcels", served.parcels[0].object_id)
    assert answer.totals["updated"] == 1, answer.text
    assert row is not None
    assert row["zone_id"] == served.network.zone_id
