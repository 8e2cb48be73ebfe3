"""Drawings for designers, as ezdxf's audit and GDAL read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ezdxf
import pyogrio
import pytest
import shapely
from ezdxf.document import Drawing

from registries.exchange.dxf import Drawn, write
from registries.exchange.export import Field, GeometryType, Table

EAST, NORTH = 587_000.1234, 4_790_000.5678
RING = [(0, 0), (100, 0), (100, 100), (0, 100)]
HOLE = [(40, 40), (60, 40), (60, 60), (40, 60)]


def moved(places: list[Any]) -> list[Any]:
    return [(EAST + place[0], NORTH + place[1], *place[2:]) for place in places]


def table(name: str, geometry: GeometryType, *rows: tuple[str, str, Any], has_z: bool = False) -> Table:
    shapes = [(label, status, None if shape is None else shapely.to_wkb(shape)) for label, status, shape in rows]
    return Table(name, [Field("label"), Field("status")], geometry, 7801, shapes, title="Водопровод", has_z=has_z)


AREA = shapely.Polygon(moved(RING), [moved(HOLE)])
PIPE = shapely.LineString(moved([(0, 0, 100.5), (50, 10, 101.25)]))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An area with a hole, a pipe with heights, one that is projected, a point, and one without any shape."""
    found = tmp_path / "plot.dxf"
    layers = [
        Drawn(table("plot", "MultiPolygon", ("Ж-1", "", shapely.MultiPolygon([AREA]))), "#0b6b45", "label"),
        Drawn(
            table("pipe", "LineString", ("В1", "functional", PIPE), ("", "projected", PIPE), has_z=True),
            "#1e8e4e",
            "label",
            variant="status",
            plain="functional",
        ),
        Drawn(table("valve", "Point", ("", "", shapely.Point(*moved([(5, 5)]))), ("x", "", None)), "#ff0000"),
    ]
    write(layers, found, {"CRS": "EPSG:7801"})
    return found


@pytest.fixture
def drawing(path: Path) -> Drawing:
    return ezdxf.readfile(path)


def entities(drawing: Drawing, query: str) -> list[Any]:
    return list(drawing.modelspace().query(query))


def kinds(drawing: Drawing, layer: str) -> list[str]:
    return [entity.dxftype() for entity in drawing.modelspace() if entity.dxf.layer == layer]


def test_the_audit_finds_nothing(drawing: Drawing) -> None:
    audit = drawing.audit()
    assert (audit.errors, audit.fixes) == ([], [])


def test_the_drawing_is_in_metres_for_autocad_2010(drawing: Drawing) -> None:
    assert (drawing.dxfversion, drawing.header["$INSUNITS"], drawing.header["$MEASUREMENT"]) == ("AC1024", 6, 1)


def test_the_file_tells_its_reference_system(drawing: Drawing) -> None:
    assert drawing.header.custom_vars.get("CRS") == "EPSG:7801"


def test_an_area_is_closed_and_its_hole_lies_on_a_layer_of_its_own(drawing: Drawing) -> None:
    (ring,) = entities(drawing, 'LWPOLYLINE[layer=="PLOT"]')
    (hole,) = entities(drawing, 'LWPOLYLINE[layer=="PLOT-HOLES"]')
    assert (ring.closed, hole.closed, len(ring), len(hole)) == (True, True, 4, 4)


def test_coordinates_are_the_registrys_to_the_last_digit(drawing: Drawing) -> None:
    (ring,) = entities(drawing, 'LWPOLYLINE[layer=="PLOT"]')
    assert ring.get_points("xy") == moved(RING)


def test_heights_are_kept(drawing: Drawing) -> None:
    (pipe,) = entities(drawing, 'POLYLINE[layer=="PIPE"]')
    assert pipe.is_3d_polyline
    assert [round(place.z, 3) for place in pipe.points()] == [100.5, 101.25]


def test_what_does_not_work_yet_is_dashed_on_a_layer_of_its_own(drawing: Drawing) -> None:
    assert kinds(drawing, "PIPE-PROJECTED") == ["POLYLINE"]
    assert drawing.layers.get("PIPE-PROJECTED").dxf.linetype == "DASHED"


def test_labels_are_texts_beside_their_things(drawing: Drawing) -> None:
    (text,) = entities(drawing, 'TEXT[layer=="PLOT-TEXT"]')
    assert text.dxf.text == "Ж-1"
    assert AREA.contains(shapely.Point(text.get_placement()[1]))


def test_a_label_of_two_lines_breaks_no_file(tmp_path: Path) -> None:
    write([Drawn(table("plot", "MultiPolygon", ("one\ntwo", "", AREA)), label="label")], tmp_path / "x", {})
    (text,) = entities(ezdxf.readfile(tmp_path / "x"), "TEXT")
    assert text.dxf.text == "one two"


def test_layers_have_the_colours_and_titles_of_their_themes(drawing: Drawing) -> None:
    layer = drawing.layers.get("PIPE")
    assert (tuple(layer.rgb), layer.description) == ((0x1E, 0x8E, 0x4E), "Водопровод")


def test_gdal_reads_every_thing_where_it_lies(path: Path) -> None:
    found = pyogrio.read_dataframe(path)
    areas = found[found.Layer == "PLOT"].geometry
    pipes = found[found.Layer.isin(["PIPE", "PIPE-PROJECTED"])].geometry
    assert (len(areas), len(pipes), len(found[found.Layer == "VALVE"])) == (1, 2, 1)
    assert shapely.hausdorff_distance(shapely.LineString(areas.iloc[0].coords), AREA.exterior) < 0.001
    assert shapely.hausdorff_distance(pipes.iloc[0], PIPE) < 0.001
    assert pipes.iloc[0].coords[0][2] == pytest.approx(100.5)


def test_the_same_layers_make_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write([Drawn(table("plot", "MultiPolygon", ("1", "", AREA)))], tmp_path / name, {})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_nothing_to_draw_is_an_empty_drawing(tmp_path: Path) -> None:
    write([Drawn(table("plot", "MultiPolygon"))], tmp_path / "x", {})
    assert len(ezdxf.readfile(tmp_path / "x").modelspace()) == 0
