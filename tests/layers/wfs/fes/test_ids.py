"""Features by identifier, with and without a version."""

from __future__ import annotations

from datetime import time
from uuid import UUID

import pytest

from layers.filters.nodes import AnyOf, FeatureId, Ids, Not
from layers.moment import When, point
from layers.wfs.exceptions import NotParsed, OptionNotServed
from registries.core.errors import BadInput
from tests.layers.wfs.fes.written import DIALECTS, FES_2, Dialect, node_2, read_2

TEXT = "11111111-2222-3333-4444-555555555555"
ID = UUID(TEXT)
ONE = Ids((FeatureId("plots", ID),))


@pytest.mark.parametrize(
    ("dialect", "content"),
    [
        (FES_2, f'<ResourceId rid="plots.{TEXT}"/>'),
        (DIALECTS[1], f'<FeatureId fid="plots.{TEXT}"/>'),
        (DIALECTS[1], f'<GmlObjectId gml:id="plots.{TEXT}"/>'),
        (DIALECTS[2], f'<FeatureId fid="plots.{TEXT}"/>'),
        (FES_2, f'<FeatureId fid="plots.{TEXT}"/>'),
    ],
)
def test_one_feature(dialect: Dialect, content: str):
    assert dialect.node(content) == ONE


def test_many_features_are_one_condition():
    node = node_2(f'<ResourceId rid="plots.{TEXT}"/>' * 10_000)
    assert isinstance(node, Ids)
    assert len(node.ids) == 10_000


def test_the_version_may_be_a_part_of_the_identifier():
    assert node_2(f'<ResourceId rid="plots.{TEXT}.v7"/>') == Ids((FeatureId("plots", ID, 7),))


@pytest.mark.parametrize(("version", "expected"), [("7", 7), ("LAST", None), ("", None)])
def test_the_version_may_stand_beside_it(version: str, expected: int | None):
    assert node_2(f'<ResourceId rid="plots.{TEXT}" version="{version}"/>') == Ids((FeatureId("plots", ID, expected),))


def test_a_time_is_asked_of_history():
    found = read_2(f'<ResourceId rid="plots.{TEXT}" version="2020-05-01T12:00:00Z"/>')
    moment = point("2020-05-01T12:00:00Z", time.min, "")
    assert (found.node, found.when) == (ONE, When(moment, moment, "2020-05-01T12:00:00Z"))


@pytest.mark.parametrize(
    "rid", ["", "x", "plots", "plots.", "plots.7", f"plots.{TEXT}.x", f"plots.{TEXT}.v99999999999", "a.b.c", "' OR 1=1"]
)
def test_what_cannot_be_ours_names_nothing(rid: str):
    node = node_2(f'<ResourceId rid="{rid}"/>')
    assert isinstance(node, Ids)
    assert [one.id for one in node.ids] == [None]


def test_a_version_that_is_too_large_names_nothing():
    node = node_2(f'<ResourceId rid="plots.{TEXT}" version="{"9" * 5000}"/>')
    assert isinstance(node, Ids)
    assert [one.id for one in node.ids] == [None]


def test_identifiers_may_be_part_of_logic():
    one = f'<ResourceId rid="plots.{TEXT}"/>'
    assert node_2(f"<Or>{one}<Not>{one}</Not></Or>") == AnyOf((ONE, Not(ONE)))


@pytest.mark.parametrize("version", ["FIRST", "PREVIOUS", "NEXT", "ALL"])
def test_other_versions_are_refused(version: str):
    with pytest.raises(OptionNotServed) as failure:
        node_2(f'<ResourceId rid="plots.{TEXT}" version="{version}"/>')
    assert failure.value.locator == "filter"


@pytest.mark.parametrize("name", ["previousRid", "startDate", "endDate", "startTime", "endTime"])
def test_stretches_of_versions_are_refused(name: str):
    with pytest.raises(OptionNotServed):
        node_2(f'<ResourceId rid="plots.{TEXT}" {name}="2020-05-01T12:00:00Z"/>')


def test_one_time_only_can_be_asked_about():
    two = [f'<ResourceId rid="plots.{TEXT}" version="20{n}-05-01"/>' for n in (20, 21)]
    with pytest.raises(OptionNotServed):
        node_2("".join(two))
    with pytest.raises(OptionNotServed):
        node_2(f"<Not>{two[0]}</Not>")


def test_wrong_versions_are_told():
    with pytest.raises(BadInput):
        node_2(f'<ResourceId rid="plots.{TEXT}" version="newest"/>')


@pytest.mark.parametrize("content", ["<ResourceId/>", "<FeatureId/>", '<GmlObjectId rid="x"/>',
                                     f'<ResourceId rid="plots.{TEXT}"/><Not/>'])  # fmt: skip
def test_what_names_no_feature_is_told(content: str):
    with pytest.raises(NotParsed):
        node_2(content)
