"""The layers of a plot's data pack, as GDAL and CAD programs read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ezdxf
import pyogrio
import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from ezdxf.document import Drawing

from layers.catalogue import catalogue_at
from layers.plots.pack import pieces
from layers.query import snapshot
from registries.changes.edits import Edit
from registries.core.models import User
from registries.exchange import dxf, export
from registries.land.models import Plot
from registries.networks.models import Network
from tests.conftest import EAST, NORTH, SRID, Publish, line
from tests.flows import world

CODE = "П-1"
# What is told of places must agree with PostGIS to a millimetre.
MM = 0.001


def holed(side: float) -> MultiPolygon:
    """The first plot with a hole in its middle, such as a transformer's own land."""
    rings: list[list[tuple[float, float]]] = [
        [(40, 10), (140, 10), (140, 100), (40, 100), (40, 10)],
        [(80, 50), (80, 50 + side), (80 + side, 50), (80, 50)],
    ]
    moved: list[Any] = [[(EAST + x, NORTH + y) for x, y in ring] for ring in rings]
    return MultiPolygon(Polygon(*moved), srid=SRID)


@pytest.fixture
def rich(publish: Publish) -> None:
    """The plot belongs to its parcel and has a hole; one pipe that is only planned lies in space."""
    world.asset_types()
    publish([*world.land(), *world.networks()])
    water = Network.objects.get(name="Водопровод Изток")
    joined = {"plot": world.plot_id(1), "parcel": world.parcel_id(1)}
    pipe = {"network": water.pk, "asset_type": "water_pipe", "status": "projected", "label": "В-2"}
    publish(
        [
            Edit.create("land.plotparcel", joined),
            Edit.update("land.plot", world.plot_id(1), {}, holed(20)),
            Edit.create("networks.link", pipe, line((60, 112, 150.25), (60, 60, 151.5))),
        ]
    )


def written(folder: Path, user: User | None = None) -> Path:
    """The files of the plot's layers as `user` may see them, in `folder`."""
    folder.mkdir()
    with snapshot():
        found = pieces(catalogue_at(user, None), Plot.objects.get(code=CODE))
        export.write([piece.table() for piece in found], export.GEOPACKAGE, folder)
        dxf.write([piece.drawn() for piece in found], folder / "plot.dxf", {})
    return folder


@pytest.fixture
def pack(rich: None, tmp_path: Path) -> Path:
    return written(tmp_path / "public")


def one(pack: Path, suffix: str) -> Path:
    (found,) = pack.glob(f"*{suffix}")
    return found


def entities(drawing: Drawing, query: str) -> list[Any]:
    return list(drawing.modelspace().query(query))


def apart(table: str, id: str, wkb: bytes) -> float:
    """How far the shape lies from the registry's, in metres (PostGIS)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_HausdorffDistance(ST_Force2D(geom), ST_Force2D(ST_GeomFromWKB(%s, %s)))"
            f" FROM {table} WHERE id = %s",
            [wkb, SRID, id],
        )
        return float(cursor.fetchone()[0])


def test_the_geopackage_has_the_plot_and_what_lies_around_it(pack: Path) -> None:
    package = one(pack, ".gpkg")
    counts = {name: pyogrio.read_info(package, layer=name)["features"] for name, _kind in pyogrio.list_layers(package)}
    assert counts == {
        "plot": 1, "parcels": 1, "neighbours": 3, "buildings": 0, "water_pipe": 2, "water_hydrant": 1, "road_axis": 1,
    }  # fmt: skip


@pytest.mark.parametrize(("layer", "table"), [("plot", "land_plot"), ("water_pipe", "networks_link")])
def test_shapes_of_the_geopackage_lie_where_they_lie(pack: Path, layer: str, table: str) -> None:
    found = pyogrio.read_dataframe(one(pack, ".gpkg"), layer=layer)
    assert found.crs.to_epsg() == SRID
    assert max(apart(table, id, geom.wkb) for id, geom in zip(found.id, found.geometry, strict=True)) < MM


def test_the_drawing_passes_the_audit_and_has_the_plot_where_it_lies(pack: Path) -> None:
    drawing = ezdxf.readfile(one(pack, ".dxf"))
    assert not drawing.audit().errors
    (ring,) = entities(drawing, 'LWPOLYLINE[layer=="PLOT"]')
    (hole,) = entities(drawing, 'LWPOLYLINE[layer=="PLOT-HOLES"]')
    shape: Any = Plot.objects.get(code=CODE).geom[0]
    for drawn, stored in ((ring, shape[0]), (hole, shape[1])):
        places = {(round(x, 3), round(y, 3)) for x, y in drawn.get_points("xy")}
        assert places == {(round(x, 3), round(y, 3)) for x, y in stored.coords}


def test_the_drawing_has_heights_labels_and_what_is_planned_apart(pack: Path) -> None:
    drawing = ezdxf.readfile(one(pack, ".dxf"))
    (pipe,) = entities(drawing, 'POLYLINE[layer=="WATER_PIPE-PROJECTED"]')
    assert [place.z for place in pipe.points()] == [150.25, 151.5]
    assert [text.dxf.text for text in entities(drawing, 'TEXT[layer=="PLOT-TEXT"]')] == [CODE]


def test_gdal_reads_the_drawing(pack: Path) -> None:
    found = pyogrio.read_dataframe(one(pack, ".dxf"))
    assert {"PLOT", "PARCELS", "NEIGHBOURS", "WATER_PIPE", "ROAD_AXIS"} <= set(found.Layer)


def test_what_is_not_public_is_in_staffs_layers_only(pack: Path, olena: User, tmp_path: Path) -> None:
    staff = written(tmp_path / "staff", olena)
    labels = [set(pyogrio.read_dataframe(one(path, ".gpkg"), layer="water_pipe").label) for path in (pack, staff)]
    assert labels == [{"В-1", "В-2"}, {"В-1", "В-2", "Т-1"}]
