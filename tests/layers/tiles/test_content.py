"""What a tile holds: which features, which properties, and where they lie."""

from __future__ import annotations

import pytest
import shapely

from registries.networks.models import Network
from tests.conftest import Publish, line, parcel, pipe, square
from tests.layers.tiles.conftest import Place, Read
from tests.layers.tiles.decoding import stored, unit_m


def test_several_layers_come_in_one_tile(place: Place, read: Read) -> None:
    found = read("zone", 16, place.pipe)
    counts = {name: len(features) for name, features in found.items()}
    assert counts == {"zones": 1, "parcels": 2, "water_pipe": 2, "water_hydrant": 1}


@pytest.mark.parametrize(
    ("tileset", "expected"),
    [("land", {"zones", "parcels"}), ("networks", {"water_pipe", "water_hydrant"})],
)
def test_a_tileset_holds_its_subject_only(place: Place, read: Read, tileset: str, expected: set[str]) -> None:
    assert set(read(tileset, 16, place.pipe)) == expected


def test_properties_are_the_columns_of_the_zoom(place: Place, read: Read) -> None:
    pipes = [values for values, _shape in read("networks", 16, place.pipe)["water_pipe"]]
    labelled = next(values for values in pipes if values.get("label"))
    assert labelled["id"] == str(place.pipe.object_id)
    assert labelled["label"] == "W-1"
    assert labelled["diameter_mm"] == 110
    assert labelled["status"] == "functional"
    assert "material" not in labelled


def test_attributes_are_thinned_at_small_scales(place: Place, read: Read) -> None:
    near, far = (read("networks", zoom, place.pipe)["water_pipe"][0][0] for zoom in (16, 13))
    assert set(far) < set(near)
    assert "id" not in far
    assert "label" not in far


def test_land_keeps_its_identifier_at_every_zoom(place: Place, read: Read) -> None:
    assert read("land", 8, place.parcel)["zones"][0][0]["id"]


def test_empty_text_is_left_out(place: Place, read: Read) -> None:
    pipes = read("networks", 18, place.branch)["water_pipe"]
    branch = next(values for values, _shape in pipes if values["id"] == str(place.branch.object_id))
    assert "label" not in branch


@pytest.mark.parametrize("zoom", [14, 16, 18])
def test_a_line_lies_where_postgis_stored_it(place: Place, read: Read, zoom: int) -> None:
    drawn = next(
        shape
        for values, shape in read("networks", zoom, place.branch)["water_pipe"]
        if values["id"] == str(place.branch.object_id)
    )
    original = stored("networks_link", place.branch.object_id)
    assert shapely.hausdorff_distance(drawn, original) <= unit_m(zoom)


def test_a_parcel_lies_where_postgis_stored_it(place: Place, read: Read) -> None:
    drawn = next(
        shape
        for values, shape in read("land", 16, place.parcel)["parcels"]
        if values["id"] == str(place.parcel.object_id)
    )
    original = stored("land_parcel", place.parcel.object_id)
    assert drawn.symmetric_difference(original).area <= original.length * unit_m(16)


@pytest.mark.parametrize(("zoom", "layers"), [(11, set()), (12, {"water_pipe"}), (15, {"water_pipe", "water_hydrant"})])
def test_a_layer_begins_at_its_zoom(place: Place, read: Read, zoom: int, layers: set[str], publish: Publish) -> None:
    network = Network.objects.get()
    publish([pipe(network, line((0, 0), (900, 900)))])
    assert set(read("networks", zoom, place.pipe)) == layers


def test_what_would_not_fill_a_pixel_is_left_out_at_small_scales(place: Place, read: Read, publish: Publish) -> None:
    publish([pipe(Network.objects.get(), line((200, 100), (210, 100)))])
    assert len(read("networks", 12, place.pipe)["water_pipe"]) == 2
    assert len(read("networks", 16, place.pipe)["water_pipe"]) == 3


def test_lines_are_simplified_at_small_scales(publish: Publish, network: Network, read: Read) -> None:
    waves = pipe(network, line(*[(100 + 10 * n, 100 + n % 2) for n in range(60)]))
    publish([waves])
    assert shapely.get_num_points(read("networks", 13, waves)["water_pipe"][0][1]) == 2
    assert shapely.get_num_points(stored("networks_link", waves.object_id)) == 60


def test_a_generalised_tile_keeps_the_largest(
    publish: Publish, zone: object, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.tiles.statement.CAP", 1)
    small, large = parcel("73626.2.1", square(0, 0, 300)), parcel("73626.2.2", square(400, 0, 500))
    publish([small, large])
    assert [values["id"] for values, _shape in read("land", 13, large)["parcels"]] == [str(large.object_id)]
