"""Importing: the counts add up, the second time changes nothing, and what is wrong is refused with its reason."""

import json
from pathlib import Path

import pytest
from django.contrib.gis.geos import GEOSGeometry, Point
from django.core.management import CommandError, call_command

from registries.changes import door
from registries.changes.models import ChangeSet
from registries.core.errors import BadInput, NotFound, RegistryError
from registries.core.models import User
from registries.land.models import Parcel, Zone
from registries.networks.models import AssetType, Link, Network, Node
from tests.conftest import EAST, NORTH, SRID, line, point, square
from tests.registries.exchange.conftest import Import, Write

FORMATS = ["parcels.shp", "parcels.gpkg", "parcels.geojson", "parcels.gml", "parcels.kml"]


def parcels(count: int = 3) -> list[tuple[GEOSGeometry, dict[str, object]]]:
    return [
        (square(200 * i, 0), {"nationalCadastralReference": f"73626.501.{i + 1}", "label": f"имот {i + 1}"})
        for i in range(count)
    ]


def publish(change_set: ChangeSet | None, boris: User) -> None:
    assert change_set is not None
    door.approve(boris, change_set, "For a test.")
    door.publish(boris, change_set)


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_becomes_a_change_set(run: Import, write: Write, zone: Zone, boris: User, name: str) -> None:
    rows = parcels()
    crs = "EPSG:7801"
    if name.endswith(("geojson", "kml")):
        crs = "EPSG:4326"
        for geom, _columns in rows:
            geom.transform(4326)
    path = write(name, rows, crs)
    profile = path.with_suffix(".map.json")
    # A Shapefile cuts names at ten characters; KML knows only Name and description.
    cut = {"parcels.shp": "nationalCa"}.get(name, "nationalCadastralReference")
    profile.write_text(json.dumps({"columns": {"national_cadastral_reference": cut}}))
    report = run(path, "parcels", profile=profile)
    assert (report.read, report.created, report.refused) == (3, 3, [])
    publish(report.change_set, boris)
    found = Parcel.objects.order_by("national_cadastral_reference")
    assert [one.national_cadastral_reference for one in found] == ["73626.501.1", "73626.501.2", "73626.501.3"]
    assert all(one.zone_id == zone.pk for one in found)
    assert found[1].geom.equals_exact(square(200, 0), 0.001) or found[1].geom.sym_difference(square(200, 0)).area < 0.5


def test_importing_twice_changes_nothing(run: Import, write: Write, zone: Zone, boris: User) -> None:
    path = write("parcels.gpkg", parcels())
    publish(run(path, "parcels").change_set, boris)
    again = run(path, "parcels")
    assert (again.read, again.unchanged, again.change_set) == (3, 3, None)
    assert ChangeSet.objects.filter(source="import").count() == 1


def test_a_changed_feature_is_an_update(run: Import, write: Write, zone: Zone, boris: User) -> None:
    rows = parcels()
    publish(run(write("a.gpkg", rows), "parcels").change_set, boris)
    rows[1][1]["label"] = "друг"
    report = run(write("b.gpkg", rows), "parcels")
    assert (report.created, report.updated, report.unchanged) == (0, 1, 2)


def test_bad_features_are_refused_and_the_rest_taken(run: Import, write: Write, zone: Zone) -> None:
    bow = GEOSGeometry(
        f"SRID={SRID};POLYGON(({EAST} {NORTH + 500}, {EAST + 9} {NORTH + 509}, {EAST + 9} {NORTH + 500},"
        f" {EAST} {NORTH + 509}, {EAST} {NORTH + 500}))"
    )
    rows = [
        *parcels(2),
        (bow, {"nationalCadastralReference": "73626.501.8", "label": "bow tie"}),
        (square(600, 0), {"nationalCadastralReference": "73626.501.2", "label": "same identifier"}),
        (square(10, 10), {"nationalCadastralReference": "73626.501.9", "label": "overlaps the first"}),
        (square(800, 0), {"nationalCadastralReference": "КККР", "label": "bad identifier"}),
        (square(90_000, 0), {"nationalCadastralReference": "73626.501.7", "label": "far away"}),
    ]
    report = run(write("parcels.gpkg", rows), "parcels", zone="east")
    assert report.balanced()
    reasons = dict(report.refused)
    # The first and the fifth overlap each other, and neither can be told to be the right one.
    assert sorted(reasons) == [1, 3, 4, 5, 6, 7]
    assert report.created == 1
    assert "LAND-005" in reasons[5]
    assert "LAND-006" in reasons[6]
    assert "LAND-002" in reasons[7]


def test_assets_make_their_network_closed_to_the_public(
    run: Import, write: Write, zone: Zone, boris: User, asset_types: dict[str, AssetType]
) -> None:
    path = write("pipes.gpkg", [(line((0, 0), (50, 0)), {"diameter_mm": 110}), (line((50, 0), (90, 0)), {})])
    publish(run(path, "water_pipe", network="Водопровод").change_set, boris)
    network = Network.objects.get()
    assert (network.theme, network.visibility, network.zone_id) == ("water", 2, zone.pk)
    assert list(Link.objects.order_by("diameter_mm").values_list("diameter_mm", flat=True)) == [110, None]


def test_features_without_a_name_are_known_by_their_geometry(
    run: Import, write: Write, zone: Zone, boris: User, asset_types: dict[str, AssetType]
) -> None:
    path = write("hydrants.gpkg", [(point(1, 1), {}), (point(2, 2), {})])
    publish(run(path, "water_hydrant", network="Водопровод").change_set, boris)
    assert run(path, "water_hydrant", network="Водопровод").unchanged == 2
    assert Node.objects.count() == 2


@pytest.fixture
def cut_names(tmp_path: Path) -> Path:
    """A profile for the names that a Shapefile cuts at ten characters."""
    path = tmp_path / "cut.json"
    path.write_text(json.dumps({"columns": {"national_cadastral_reference": "nationalCa"}}))
    return path


def test_without_prj_the_system_is_told_by_the_zone(run: Import, write: Write, zone: Zone, cut_names: Path) -> None:
    report = run(write("parcels.shp", parcels(1), crs=None), "parcels", profile=cut_names)
    assert report.created == 1
    assert any("EPSG:7801" in note for note in report.notes)


def test_without_prj_and_zone_two_systems_are_possible(run: Import, write: Write, db: None, cut_names: Path) -> None:
    path = write("parcels.shp", parcels(1), crs=None)
    with pytest.raises(BadInput, match="--crs") as caught:
        run(path, "parcels", profile=cut_names)
    assert caught.value.locator == "crs"
    assert run(path, "parcels", profile=cut_names, crs="EPSG:7801").created == 1


def test_a_wrong_system_is_refused_with_the_place(run: Import, write: Write, zone: Zone) -> None:
    path = write("parcels.gpkg", parcels(1), crs="EPSG:32635")
    with pytest.raises(BadInput, match="--crs"):
        run(path, "parcels")


def test_an_unknown_system_is_named(run: Import, write: Write, zone: Zone) -> None:
    with pytest.raises(BadInput, match="EPSG:99"):
        run(write("parcels.gpkg", parcels(1)), "parcels", crs="EPSG:99")


def test_an_empty_layer_is_refused_and_leaves_nothing(run: Import, write: Write, zone: Zone) -> None:
    path = write("parcels.gpkg", parcels(1))
    profile = path.with_suffix(".json")
    profile.write_text(json.dumps({"where": "label = 'none such'"}))
    with pytest.raises(BadInput):
        run(path, "parcels", profile=profile)
    assert not ChangeSet.objects.filter(source="import").exists()


def test_a_file_that_is_none_is_refused(run: Import, tmp_path: Path, db: None) -> None:
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(b"SQLite format 3\x00 and then nothing of the kind")
    for path in (broken, tmp_path / "absent.gpkg", tmp_path / "drawing.dwg"):
        with pytest.raises(BadInput) as caught:
            run(path, "parcels")
        assert caught.value.locator == "file"


def test_a_cut_shapefile_is_refused(run: Import, write: Write, zone: Zone) -> None:
    path = write("parcels.shp", parcels(3))
    path.write_bytes(path.read_bytes()[:150])
    path.with_suffix(".shx").unlink()
    with pytest.raises(RegistryError):
        run(path, "parcels")


def test_a_file_with_a_false_name_is_refused(run: Import, write: Write, zone: Zone) -> None:
    path = write("parcels.geojson", [(Point(26.5, 43.2), {})], crs="EPSG:4326")
    false = path.rename(path.with_suffix(".gpkg"))
    with pytest.raises(BadInput, match=r"GeoJSON|GPKG"):
        run(false, "parcels")


def test_one_of_several_layers_must_be_chosen(run: Import, write: Write, zone: Zone) -> None:
    write("two.gpkg", parcels(1), layer="first")
    path = write("two.gpkg", parcels(1), layer="second", mode="a")
    with pytest.raises(BadInput, match="first, second"):
        run(path, "parcels")
    with pytest.raises(BadInput, match="third"):
        run(path, "parcels", layer="third")
    assert run(path, "parcels", layer="second").created == 1


def test_texts_in_another_encoding_are_refused_with_the_remedy(
    run: Import, write: Write, zone: Zone, cut_names: Path
) -> None:
    path = write("parcels.shp", parcels(1), encoding="CP1251")
    path.with_suffix(".cpg").unlink()
    with pytest.raises(BadInput, match="--encoding"):
        run(path, "parcels", profile=cut_names, encoding="UTF-8")
    report = run(path, "parcels", profile=cut_names, encoding="CP1251")
    assert report.change_set is not None
    assert report.change_set.items.get().attributes["label"] == "имот 1"


def test_an_unknown_layer_is_named_with_the_known(run: Import, write: Write, zone: Zone) -> None:
    with pytest.raises(NotFound, match="parcels"):
        run(write("parcels.gpkg", parcels(1)), "castles")


@pytest.mark.parametrize("text", ["{", "[]", '{"colums": {}}', '{"columns": {"castle": "x"}}'])
def test_a_bad_profile_is_refused(run: Import, write: Write, zone: Zone, tmp_path: Path, text: str) -> None:
    profile = tmp_path / "profile.json"
    profile.write_text(text)
    with pytest.raises(BadInput) as caught:
        run(write("parcels.gpkg", parcels(1)), "parcels", profile=profile)
    assert caught.value.locator == "map"


def test_a_condition_that_is_no_sql_is_refused(run: Import, write: Write, zone: Zone, tmp_path: Path) -> None:
    profile = tmp_path / "profile.json"
    profile.write_text(json.dumps({"where": "label = = '"}))
    with pytest.raises(BadInput):
        run(write("parcels.gpkg", parcels(1)), "parcels", profile=profile)


def test_the_command_publishes_through_four_eyes(write: Write, zone: Zone) -> None:
    call_command("import_features", write("parcels.gpkg", parcels()), to="parcels", publish=True)
    change_set = ChangeSet.objects.get(source="import")
    assert change_set.approved_by is not None
    assert (change_set.author.username, change_set.approved_by.username) == ("import", "console")
    assert Parcel.objects.count() == 3


def test_the_command_lets_nobody_approve_their_own(write: Write, zone: Zone, ada: User) -> None:
    with pytest.raises(CommandError, match=r"own|собствен"):
        call_command(
            "import_features",
            write("parcels.gpkg", parcels()),
            to="parcels",
            publish=True,
            author="ada",
            reviewer="ada",
        )
    assert not Parcel.objects.exists()


def test_the_command_tells_why(write: Write, zone: Zone, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [*parcels(1), (square(400, 0), {"nationalCadastralReference": "x", "label": "bad"})]
    call_command("import_features", write("parcels.gpkg", rows), to="parcels")
    printed = capsys.readouterr().out
    assert "LAND-006" in printed
    assert "2 = " in printed
