"""Spatial operators beside PostGIS asked by hand, in every reference system; indexes serve them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString, MultiPolygon, Point, Polygon
from django.db import connection
from psycopg import sql

from layers import crs
from layers.filters.compile import compile
from layers.filters.nodes import Distance, Node, Property, Shape, Spatial, SpatialOperator
from layers.filters.shapes import CUT_METRES
from layers.query import Query, select, where
from registries.core.errors import BadInput, InvalidGeometry
from tests.conftest import EAST, NORTH, SRID, line, point, square
from tests.layers.filters.conftest import World

pytestmark = pytest.mark.django_db
GEOM = Property("geom")
AREA = square(20, 100, 250)[0]
# Each with the PostGIS function that says the same of a stored geometry and a literal in the registry's system.
FUNCTIONS: dict[SpatialOperator, str] = {
    "equals": "ST_Equals",
    "disjoint": "ST_Disjoint",
    "touches": "ST_Touches",
    "within": "ST_Within",
    "overlaps": "ST_Overlaps",
    "crosses": "ST_Crosses",
    "intersects": "ST_Intersects",
    "contains": "ST_Contains",
    "bbox": "ST_Intersects",
}
SHAPES: dict[str, GEOSGeometry] = {
    "area": AREA,
    "areas": MultiPolygon(AREA, square(600, 0, 20)[0]),
    "the zone": square(-10, -10, 2000),
    "a parcel": square(0, 0),
    "its neighbour": square(100, 0),
    "across": line((0, 15), (100, 15)),
    "point": point(30, 30),
    "a vertex": point(10, 110),
}


def within(shape: GEOSGeometry, srid: int) -> Shape:
    """The shape in another system, as PostGIS transforms it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_AsHEXEWKB(ST_Transform(%s::geometry, %s))", [shape.hexewkb.decode(), srid])
        return Shape(GEOSGeometry(cursor.fetchone()[0]))


def literal(shape: GEOSGeometry) -> str:
    geom = shape.clone()
    geom.srid = SRID
    return f"'{geom.hexewkb.decode()}'::geometry"


@pytest.mark.parametrize("operator", FUNCTIONS)
def test_each_operator_is_that_of_postgis(world: World, operator: SpatialOperator):
    for name, shape in SHAPES.items():
        shape = shape.clone()
        shape.srid = SRID
        for key in ("water_pipe", "water_hydrant", "parcels"):
            forth = world.found(key, Spatial(operator, GEOM, Shape(shape)))
            assert forth == world.by_hand(key, f"{FUNCTIONS[operator]}(geom, {literal(shape)})"), (name, key)
            back = world.found(key, Spatial(operator, Shape(shape), GEOM))
            assert back == world.by_hand(key, f"{FUNCTIONS[operator]}({literal(shape)}, geom)"), (name, key)


@pytest.mark.parametrize("srid", crs.SRIDS)
def test_shapes_in_every_system_find_the_same(world: World, srid: int):
    AREA.srid = SRID
    for operator in ("intersects", "within", "disjoint", "bbox", "crosses"):
        node = Spatial(operator, GEOM, within(AREA, srid))
        assert world.found("water_pipe", node) == world.found("water_pipe", Spatial(operator, GEOM, Shape(AREA)))


@pytest.mark.parametrize(("srid", "decimals"), [(SRID, 3), (4326, 8), (3857, 3)])
def test_what_was_served_equals_what_is_stored(world: World, srid: int, decimals: int):
    """Also when it was rounded on its way, and whichever way its vertices were written."""
    edit = world.served.parcels[1]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsText(ST_Reverse(ST_Transform(geom, %s)), %s) FROM land_parcel WHERE id = %s",
            [srid, decimals + (6 if srid == 4326 else 7), edit.object_id],
        )
        served = Shape(GEOSGeometry(cursor.fetchone()[0], srid=srid))
    assert world.found("parcels", Spatial("equals", GEOM, served)) == {str(edit.object_id)}


@pytest.mark.parametrize(("metres", "count"), [(0, 0), (9.9, 0), (10.1, 1), (110.1, 2), (5000, 7)])
def test_distances_are_in_metres(world: World, metres: float, count: int):
    south = Shape(point(10, 0))
    near = world.found("water_pipe", Distance(GEOM, south, metres))
    assert len(near) == count
    assert near == world.by_hand("water_pipe", f"ST_Distance(geom, {literal(south.geom)}) <= {metres}")
    beyond = world.found("water_pipe", Distance(GEOM, south, metres, beyond=True))
    assert beyond == world.by_hand("water_pipe", "TRUE") - near
    assert near == world.found("water_pipe", Distance(GEOM, within(south.geom, 4326), metres))


@pytest.mark.parametrize("metres", [-1, float("nan"), float("inf")])
def test_a_distance_that_is_none_is_refused(world: World, metres: float):
    with pytest.raises(BadInput):
        compile(Distance(GEOM, Shape(point(0, 0)), metres), world.layer("water_pipe"))


@pytest.mark.parametrize("metres", [2 * CUT_METRES, 1e300])
def test_a_large_distance_holds_all_unless_it_is_measured_from_too_far_away(world: World, metres: float):
    assert len(world.found("water_pipe", Distance(GEOM, Shape(point(0, 0)), metres))) == 7
    with pytest.raises(BadInput):
        compile(Distance(GEOM, Shape(Point(-60, -30, srid=4326)), metres), world.layer("water_pipe"))


WORLD = Polygon.from_bbox((-180, -90, 180, 90))
FAR = {
    "the world": (WORLD, True),
    "twice the world": (Polygon.from_bbox((-360, -180, 360, 180)), True),
    "the other side": (Polygon.from_bbox((-120, -40, -60, 10)), False),
    "the pole": (Point(0, 90), False),
    "round the world": (LineString((-180, 0), (180, 0)), False),
    "nothing": (Polygon(), False),
}


@pytest.mark.parametrize("name", FAR)
@pytest.mark.parametrize("srid", crs.SRIDS)
def test_no_place_is_too_far(world: World, name: str, srid: int):
    shape, holds_all = FAR[name]
    shape = shape.clone()
    if srid not in (4326, 4258):
        shape = GEOSGeometry(shape.wkt) if shape.empty else scaled(shape)
    shape.srid = srid
    everything = world.by_hand("parcels", "TRUE")
    expected = everything if holds_all else set()
    assert world.found("parcels", Spatial("intersects", GEOM, Shape(shape))) == expected
    assert world.found("parcels", Spatial("within", GEOM, Shape(shape))) == expected
    assert world.found("parcels", Spatial("contains", GEOM, Shape(shape))) == set()
    assert world.found("parcels", Spatial("equals", GEOM, Shape(shape))) == set()
    assert world.found("parcels", Spatial("disjoint", GEOM, Shape(shape))) == everything - expected
    assert world.found("parcels", Distance(GEOM, Shape(shape), 1000)) == expected


def scaled(shape: GEOSGeometry) -> GEOSGeometry:
    """The same in metres, about as long as it is on the Earth."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_AsText(ST_Scale(%s::geometry, 111320, 111320))", [shape.wkt])
        return GEOSGeometry(cursor.fetchone()[0])


BOW_TIE = Polygon([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)], srid=4326)


@pytest.mark.parametrize(
    "shape",
    [BOW_TIE, *(Point(x, 1, srid=4326) for x in (float("inf"), float("nan"), 1e12)), Point(1, 1)],
    ids=["crosses itself", "infinite", "no number", "no place", "no system"],
)
@pytest.mark.parametrize("operator", ["intersects", "within", "bbox", "equals"])
def test_a_shape_that_is_none_is_refused(world: World, shape: GEOSGeometry, operator: SpatialOperator):
    with pytest.raises(InvalidGeometry) as error:
        compile(Spatial(operator, GEOM, Shape(shape)), world.layer("parcels"))
    assert error.value.locator == "filter"


def test_a_box_without_an_area_is_a_line_or_a_point(world: World):
    hydrant = Polygon.from_bbox((EAST + 30, NORTH + 30, EAST + 30, NORTH + 30))
    pipe = Polygon.from_bbox((EAST, NORTH + 15, EAST + 100, NORTH + 15))
    hydrant.srid = pipe.srid = SRID
    assert len(world.found("water_hydrant", Spatial("bbox", GEOM, Shape(hydrant)))) == 1
    assert len(world.found("water_pipe", Spatial("bbox", GEOM, Shape(pipe)))) == 1


def test_what_has_no_length_is_a_point(world: World):
    place = (EAST + 30, NORTH + 30)
    for shape in (LineString(place, place, srid=SRID), Polygon([place] * 5, srid=SRID)):
        assert len(world.found("water_hydrant", Spatial("intersects", GEOM, Shape(shape)))) == 1


def test_a_collection_can_be_asked_whether_it_intersects(world: World):
    both = GEOSGeometry(f"GEOMETRYCOLLECTION({point(30, 30).wkt}, {line((10, 110), (20, 110)).wkt})", srid=SRID)
    assert len(world.found("water_pipe", Spatial("intersects", GEOM, Shape(both)))) == 1
    with pytest.raises(InvalidGeometry):
        compile(Spatial("within", GEOM, Shape(both)), world.layer("water_pipe"))
    points = GEOSGeometry(f"GEOMETRYCOLLECTION({point(30, 30).wkt}, {point(60, 60).wkt})", srid=SRID)
    assert len(world.found("water_hydrant", Spatial("within", GEOM, Shape(points)))) == 2


BOX = Shape(square(20, 100, 250))
INDEXED: list[Node] = [
    Spatial("intersects", GEOM, BOX),
    Spatial("bbox", GEOM, BOX),
    Spatial("within", GEOM, BOX),
    Spatial("contains", GEOM, Shape(point(20, 20))),
    Spatial("equals", GEOM, BOX),
    Distance(GEOM, Shape(point(20, 20)), 50),
]


@pytest.mark.parametrize("node", INDEXED, ids=lambda node: getattr(node, "operator", "dwithin"))
@pytest.mark.parametrize("srid", [SRID, 4326])
def test_the_index_of_the_geometry_serves(world: World, node: Any, srid: int):
    if srid != SRID:
        node = type(node)(**{**node.__dict__, "right": within(node.right.geom, srid)})
    query = Query(layer=world.layer("parcels"), reader=world.reader, filter=node)
    statement = sql.SQL("SELECT t.id FROM land_parcel t WHERE {}").format(where(query))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute(sql.SQL("EXPLAIN {}").format(statement))
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Cond: (geom" in plan
    assert "transform" not in plan.lower()
    assert select(query, sql.SQL("t.id"))
