from __future__ import annotations

import pytest
from lxml import etree

from layers.crs import authority
from layers.filters.nodes import Ids
from layers.wfs.exceptions import MissingParameter, NotParsed, WfsError
from layers.wfs.transactions.refusals import InvalidValue, NativeRefused
from layers.wfs.transactions.requests import Delete, Insert, Replace, Transaction, Update
from layers.wfs.transactions.xml import transaction
from registries.core.errors import BadInput

WFS_1 = (
    'xmlns="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml" xmlns:ogc="http://www.opengis.net/ogc"'
)
WFS_2 = (
    'xmlns="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'
    ' xmlns:fes="http://www.opengis.net/fes/2.0"'
)
OURS = 'xmlns:zone="urn:gis-portal:registry"'
ID = "00000000-0000-4000-8000-000000000001"
FILTER = f'<fes:Filter><fes:ResourceId rid="water_pipe.{ID}.v7"/></fes:Filter>'
FILTER_1 = f'<ogc:Filter><ogc:FeatureId fid="water_pipe.{ID}"/></ogc:Filter>'


def read(content: str, version: str = "2.0.0", attributes: str = "") -> Transaction:
    names = WFS_2 if version == "2.0.0" else WFS_1
    return transaction(
        etree.fromstring(
            f'<Transaction service="WFS" version="{version}" {names} {OURS} {attributes}>{content}</Transaction>'
        )
    )


def only(content: str, version: str = "2.0.0", attributes: str = "") -> Insert | Update | Replace | Delete:
    (action,) = read(content, version, attributes).actions
    assert isinstance(action, Insert | Update | Replace | Delete)
    return action


def update(*properties: str) -> str:
    return f'<Update typeName="zone:water_pipe">{"".join(properties)}{FILTER}</Update>'


def changes(*properties: str) -> list[tuple[str, str | None]]:
    action = only(update(*properties))
    assert isinstance(action, Update)
    return [(one.name, None if one.value is None else one.value.text or "") for one in action.changes]


@pytest.mark.parametrize("name", ["gml:boundedBy", "gml:boundedBy[1]", "gml:location"])
def test_bounds_follow_from_the_geometry_and_are_not_written(name: str):
    """OGC 09-025r2, table 3; said before it is asked which features are meant."""
    value = "<Value><Point xmlns='http://www.opengis.net/kml/2.2'/></Value>"
    change = f"<Property><ValueReference>{name}</ValueReference>{value}</Property>"
    with pytest.raises(InvalidValue):
        read(f"<Update typeName='zone:parcels'>{change}</Update>")


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "2.0.0"])
def test_each_version_is_read_in_its_own_namespaces(version: str):
    names = FILTER if version == "2.0.0" else FILTER_1
    request = read(f'<Delete typeName="zone:water_pipe" handle="d">{names}</Delete>', version)
    (action,) = request.actions
    assert isinstance(action, Delete)
    assert (request.version, action.handle, action.query.type_names) == (version, "d", ("water_pipe",))
    assert isinstance(action.query.filter, Ids)
    assert action.query.filter.ids[0].version == (7 if version == "2.0.0" else None)


def test_the_version_counts_and_not_the_namespace():
    """GDAL's way of speaking 2.0.0."""
    root = etree.fromstring(
        f'<wfs:Transaction xmlns:wfs="http://www.opengis.net/wfs" version="2.0.0" xmlns:ogc="http://www.opengis.net/ogc">'
        f'<wfs:Update typeName="x"><wfs:Property><wfs:Name>label</wfs:Name><wfs:Value>a</wfs:Value></wfs:Property>'
        f"{FILTER_1}</wfs:Update></wfs:Transaction>"
    )
    request = transaction(root)
    assert (request.version, len(request.actions)) == ("2.0.0", 1)


def test_several_features_of_one_insert_come_in_order():
    insert = only("<Insert><zone:b/><zone:a/><zone:b/></Insert>")
    assert isinstance(insert, Insert)
    assert [etree.QName(one).localname for one in insert.features] == ["b", "a", "b"]


@pytest.mark.parametrize(
    "members",
    [
        "<gml:FeatureCollection><gml:boundedBy/><gml:featureMember><zone:a/></gml:featureMember>"
        "<gml:featureMembers><zone:b/><zone:c/></gml:featureMembers></gml:FeatureCollection>",
        "<FeatureCollection><member><zone:a/></member><member><FeatureCollection><member><zone:b/></member>"
        "</FeatureCollection></member><member><zone:c/></member></FeatureCollection>",
    ],
    ids=["gml", "wfs"],
)
def test_features_are_found_in_collections(members: str):
    insert = only(f"<Insert>{members}</Insert>")
    assert isinstance(insert, Insert)
    assert [etree.QName(one).localname for one in insert.features] == ["a", "b", "c"]


def test_a_property_without_value_is_null_and_an_empty_one_is_empty():
    assert changes(
        "<Property><ValueReference>zone:a</ValueReference></Property>",
        "<Property><ValueReference>zone:b</ValueReference><Value/></Property>",
        "<Property><ValueReference>zone:c</ValueReference><Value>x</Value></Property>",
    ) == [("a", None), ("b", ""), ("c", "x")]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("zone:label", "label"),
        ("label", "label"),
        ("zone:water_pipe/zone:label", "label"),
        ("tns:label[1]", "label"),
        ("gml:name", "gml:name"),
        ("gml:name[1]", "gml:name"),
    ],
)
def test_a_property_is_named_by_the_last_step_of_its_path(written: str, name: str):
    assert changes(f"<Property><ValueReference>{written}</ValueReference></Property>") == [(name, None)]


@pytest.mark.parametrize("written", ["", "zone:label[2]", "@gml:id", "//*", "label=1", "a b", "x" * 5000 + "!"])
def test_what_is_no_name_of_a_property_is_refused(written: str):
    with pytest.raises(InvalidValue):
        only(update(f"<Property><ValueReference>{written}</ValueReference></Property>"))


@pytest.mark.parametrize(("action", "value"), [("replace", "x"), ("remove", None)])
def test_the_action_of_a_value_reference_counts(action: str, value: str | None):
    written = f'<Property><ValueReference action="{action}">a</ValueReference><Value>x</Value></Property>'
    assert changes(written) == [("a", value)]


@pytest.mark.parametrize("action", ["insertBefore", "insertAfter", "other"])
def test_nothing_is_put_beside_the_only_value_of_a_property(action: str):
    with pytest.raises(InvalidValue):
        only(update(f'<Property><ValueReference action="{action}">a</ValueReference><Value>x</Value></Property>'))


@pytest.mark.parametrize(
    "content",
    [
        '<Delete typeName="zone:a"/>',
        '<Update typeName="zone:a"><Property><ValueReference>a</ValueReference></Property></Update>',
        f'<Update typeName="zone:a">{FILTER}</Update>',
        f"<Delete>{FILTER}</Delete>",
        "<Insert/>",
        f'<Update typeName="zone:a"><Property><Value>1</Value></Property>{FILTER}</Update>',
        "<Replace><zone:a/></Replace>",
    ],
)
def test_what_an_action_needs_is_asked_for(content: str):
    with pytest.raises(MissingParameter):
        read(content)


@pytest.mark.parametrize(
    "content",
    [
        "<Drop/>",
        f"<Replace><zone:a/><zone:b/>{FILTER}</Replace>",
        '<Delete typeName="zone:a"><fes:Filter/></Delete>',
    ],
)
def test_what_is_no_transaction_is_refused(content: str):
    with pytest.raises(NotParsed):
        read(content)


def test_a_replacement_is_one_feature_and_a_filter():
    replace = only(f"<Replace><zone:a/>{FILTER}</Replace>")
    assert isinstance(replace, Replace)
    assert (replace.query.type_names, replace.feature.tag) == (("a",), "{urn:gis-portal:registry}a")


def test_a_native_action_is_refused_unless_it_may_be_ignored():
    with pytest.raises(NativeRefused):
        read('<Native vendorId="x" safeToIgnore="false">DROP TABLE</Native>')
    assert read('<Native vendorId="x" safeToIgnore="true">ALTER SESSION</Native>').actions == ()


@pytest.mark.parametrize(
    ("content", "attributes"),
    [("<LockId>  one  </LockId>", ""), ("", 'lockId="one"')],
    ids=["before 2.0", "2.0"],
)
def test_a_lock_is_named_in_either_way(content: str, attributes: str):
    assert read(content, "1.1.0", attributes).lock_id == "one"


@pytest.mark.parametrize(("written", "whole"), [("", True), ("ALL", True), ("SOME", False), ("some", False)])
def test_a_lock_is_released_whole_unless_said_otherwise(written: str, whole: bool):
    assert read("", attributes=f'releaseAction="{written}"').release_all is whole


@pytest.mark.parametrize(
    ("content", "attributes", "locator"),
    [
        ("", 'releaseAction="NONE"', "releaseAction"),
        ('<Insert idgen="Mine"><zone:a/></Insert>', "", "idgen"),
        ('<Insert srsName="EPSG:1"><zone:a/></Insert>', "", "srsName"),
        ("", 'srsName="EPSG:1"', "srsName"),
    ],
)
def test_a_wrong_attribute_is_named(content: str, attributes: str, locator: str):
    with pytest.raises(BadInput) as told:
        read(content, attributes=attributes)
    assert told.value.locator == locator


def test_the_nearest_system_holds():
    request = read(
        '<Insert srsName="urn:ogc:def:crs:EPSG::4326"><zone:a/></Insert><Insert><zone:a/></Insert>',
        attributes='srsName="EPSG:3857"',
    )
    assert [one.reference and one.reference.srid for one in request.actions] == [4326, 3857]
    assert request.actions[0].reference == authority(4326)


def test_x_comes_first_in_1_0_whatever_the_system_is_called():
    insert = only("<Insert><zone:a/></Insert>", "1.0.0", 'srsName="urn:ogc:def:crs:EPSG::7801"')
    assert insert.reference is not None
    assert not insert.reference.flipped


def test_every_refusal_is_one_of_the_service():
    for content in ("<Drop/>", '<Native vendorId="x"/>', "<Insert/>"):
        with pytest.raises(WfsError):
            read(content)
