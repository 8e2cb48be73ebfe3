"""Answers that people save: tables and files, read as they would read them."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyogrio
import pytest
from django.db import connection, transaction
from django.utils.translation import override
from shapely import from_wkb, from_wkt

from layers import crs
from layers.query import snapshot
from layers.wfs.output.formats import format_of
from registries.core.models import CodeValue, User
from tests.conftest import EAST, NORTH, Publish, line, pipe
from tests.layers.served import ODD, Served, by_postgis
from tests.layers.wfs.output.found import found, written

CSV, GEOPACKAGE, SHAPEFILE = (format_of(name, "2.0.0") for name in ("csv", "gpkg", "shape-zip"))
PLAIN = crs.Reference(7801, is_authority=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where files are made, which must be empty when the answer is sent."""
    made = tmp_path / "made"
    made.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    yield made
    assert list(made.iterdir()) == []


def table(*keys: str, person: User | None = None) -> list[dict[str, str]]:
    text = written(CSV, found(*keys, person=person)).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_a_table_holds_the_shape_as_text(served: Served):
    (row,) = table("water_hydrant")
    assert (row["id"], row["geom"]) == (str(served.hydrants[0].object_id), f"POINT({EAST + 30:.0f} {NORTH + 30:.0f})")


def test_a_shape_in_a_table_has_x_first_whatever_the_system_is_called(served: Served):
    answer = written(CSV, found("water_hydrant", reference=crs.authority(4326))).decode()
    ((x, y),) = from_wkt(next(csv.DictReader(io.StringIO(answer)))["geom"]).coords
    assert [[x, y]] == [pytest.approx(place, abs=1e-8) for place in by_postgis(
        "water_hydrant", served.hydrants[0].object_id, 4326, flipped=False)]  # fmt: skip


def test_texts_in_a_table_come_back_as_they_are(served: Served):
    assert ODD in {row["label"] for row in table("water_pipe")}


def test_a_text_in_a_table_is_no_formula(served: Served):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('registries.door', 'open', true)")
        cursor.execute("UPDATE networks_link SET label = '=1+1' WHERE label = 'P-1'")
    assert "'=1+1" in {row["label"] for row in table("water_pipe")}


def test_a_table_has_the_columns_that_its_reader_may_see(served: Served, ada: User):
    assert "capacity" not in table("water_pipe")[0]
    assert table("water_pipe", person=ada)[0]["capacity"] == "12.5"


def test_a_geopackage_holds_every_layer_asked_for(served: Served, folder: Path, tmp_path: Path):
    path = tmp_path / "got.gpkg"
    path.write_bytes(written(GEOPACKAGE, found("water_pipe", "parcels")))
    assert {str(name): str(kind) for name, kind in pyogrio.list_layers(path)} == {
        "water_pipe": "LineString",
        "parcels": "MultiPolygon",
    }
    meta, _fids, shapes, columns = pyogrio.raw.read(path, layer="water_pipe")
    values = dict(zip(meta["fields"], columns, strict=True))
    at = list(values["id"]).index(str(served.pipes[0].object_id))
    assert (values["label"][at], values["diameter_mm"][at], str(values["installed_on"][at])) == (ODD, 100, "2020-05-17")
    places = [list(place) for place in from_wkb(shapes[at]).coords]
    assert places == by_postgis("water_pipe", served.pipes[0].object_id, 7801, flipped=False)
    assert meta["crs"] == "EPSG:7801"


def test_one_high_line_makes_the_layer_high(served: Served, publish: Publish, folder: Path, tmp_path: Path):
    high = pipe(served.network, line((500, 10, 181.5), (600, 10, 180.25)), label="high")
    publish([high])
    path = tmp_path / "got.gpkg"
    path.write_bytes(written(GEOPACKAGE, found("water_pipe")))
    meta, _fids, shapes, columns = pyogrio.raw.read(path)
    heights = dict(zip(columns[0], (from_wkb(shape).coords[0][2] for shape in shapes), strict=True))
    assert meta["geometry_type"] == "LineString Z"
    assert (heights[str(high.object_id)], heights[str(served.pipes[0].object_id)]) == (181.5, 0)


def test_a_layer_without_features_is_in_the_file(served: Served, folder: Path, tmp_path: Path):
    path = tmp_path / "got.gpkg"
    path.write_bytes(written(GEOPACKAGE, found("buildings", limit=0)))
    assert pyogrio.read_info(path)["features"] == 0


def test_a_zip_of_shapefiles_tells_what_short_names_mean(served: Served, folder: Path, tmp_path: Path):
    path = tmp_path / "got.zip"
    path.write_bytes(written(SHAPEFILE, found("parcels", "water_pipe")))
    with zipfile.ZipFile(path) as packed:
        assert {"parcels.shp", "parcels.cpg", "water_pipe.dbf", "water_pipe.prj"} <= set(packed.namelist())
        assert packed.read("parcels.cpg") == b"UTF-8"
        lines = list(csv.DictReader(io.StringIO(packed.read("fields.csv").decode("utf-8-sig"))))
    short = {line["name"]: line["field"] for line in lines if line["layer"] == "parcels"}
    meta, _fids, _shapes, columns = pyogrio.raw.read(f"/vsizip/{path}/parcels.shp")
    values = dict(zip(meta["fields"], columns, strict=True))
    assert set(values[short["national_cadastral_reference"]]) == {"73626.1.1", "73626.1.2"}


def test_the_titles_of_codes_are_in_the_readers_language(served: Served, folder: Path):
    CodeValue.objects.filter(code_list="material", value="PE").delete()
    CodeValue.objects.create(code_list="material", value="PE", title_bg="полиетилен", title_en="polyethylene")
    with override("en"):
        assert b"polyethylene" in written(GEOPACKAGE, found("water_pipe"))


def test_a_file_is_removed_when_nobody_waits_for_it(served: Served, folder: Path):
    with snapshot():
        blocks = GEOPACKAGE.write(found("water_pipe"))
        next(blocks)
        assert list(folder.iterdir())
        blocks.close()
