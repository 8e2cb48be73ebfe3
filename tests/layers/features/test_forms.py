"""Features and descriptions in every form: files, tables, pages; tiles and styles; what the API claims of itself."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from openapi_spec_validator import validate

from layers import crs
from layers.features.describe import CONFORMS_TO
from tests.layers.features.api import Api
from tests.layers.features.conftest import World
from tests.layers.served import by_postgis

pytestmark = pytest.mark.django_db
PIPES = "collections/water_pipe/items"


def test_a_table_holds_everything_asked_for(world: World):
    answer = Api().get(f"{PIPES}?f=csv&properties=label,diameter_mm&crs={crs.uri(7801)}")
    lines = list(csv.DictReader(io.StringIO(answer.body.decode())))
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert {line["id"] for line in lines} == {str(pipe.object_id) for pipe in world.served.pipes}
    assert set(lines[0]) == {"id", "label", "diameter_mm", "geom"}
    assert all(line["geom"].startswith("LINESTRING") for line in lines)


@pytest.mark.parametrize("form", ["fgb", "gpkg"])
def test_a_file_holds_everything_asked_for_where_it_lies(world: World, tmp_path: Path, form: str):
    answer = Api().get(f"{PIPES}?f={form}&crs={crs.uri(7801)}&filter=diameter_mm%3E104")
    path = tmp_path / f"pipes.{form}"
    path.write_bytes(answer.body)
    meta, _fids, shapes, columns = pyogrio.raw.read(path)
    ids = dict(zip(meta["fields"], columns, strict=True))["id"]
    assert meta["crs"] == "EPSG:7801"
    assert set(ids) == {str(pipe.object_id) for pipe in world.served.pipes[5:]}
    for pipe in world.served.pipes[5:]:
        (shape,) = [shapely.from_wkb(wkb) for id, wkb in zip(ids, shapes, strict=True) if id == str(pipe.object_id)]
        places = by_postgis("water_pipe", pipe.object_id, 7801, flipped=False)
        assert [list(place) for place in shape.coords] == places


@pytest.mark.parametrize(
    ("address", "accept", "form"),
    [
        (PIPES, "application/geo+json, application/json", "application/geo+json"),
        (PIPES, "*/*", "application/geo+json"),
        (PIPES, "text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        (PIPES, "text/csv", "text/csv"),
        (PIPES, "image/png", "application/geo+json"),
        ("", "text/html;q=0.3, application/json", "application/json"),
        ("collections/water_pipe/queryables", "application/schema+json", "application/schema+json"),
        ("api", "application/vnd.oai.openapi+json;version=3.0", "application/vnd.oai.openapi+json"),
        ("api", "application/json", "application/vnd.oai.openapi+json"),
        ("styles/zone", "application/vnd.mapbox.style+json", "application/vnd.mapbox.style+json"),
    ],
)
def test_the_form_is_that_which_is_accepted(world: World, address: str, accept: str, form: str):
    assert Api().get(address, Accept=accept).headers["Content-Type"].partition(";")[0] == form


RESOURCES = [
    "", "conformance", "api", "functions", "collections", "collections/water_pipe", "collections/water_pipe/queryables",
    "collections/water_pipe/schema", PIPES, f"{PIPES}?limit=2&offset=2", f"{PIPES}?filter=diameter_mm%3E999",
    "tileMatrixSets", "tileMatrixSets/WebMercatorQuad", "tiles", "tiles/WebMercatorQuad",
    "collections/water_pipe/tiles", "collections/water_pipe/tiles/WebMercatorQuad", "styles", "styles/zone/metadata",
]  # fmt: skip


@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize("address", RESOURCES)
def test_people_get_a_page_of_everything(world: World, address: str, language: str):
    sign = "&" if "?" in address else "?"
    answer = Api().get(f"{address}{sign}f=html&lang={language}")
    assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (200, "text/html")
    assert f'<html lang="{language}"' in answer.body.decode()


def test_people_get_a_page_of_one_feature(world: World):
    page = Api().get(f"{PIPES}/{world.served.pipes[1].object_id}?f=html&lang=en").body.decode()
    assert "P-1" in page
    assert "101 mm" in page


def test_every_link_leads_somewhere(world: World, settings: Any):
    # The licence is the only thing that lies elsewhere.
    settings.DATA_LICENCE = ""
    api, seen = Api(), set()
    waiting = ["/ogc/?f=json"]
    while waiting:
        address = waiting.pop()
        if address in seen or "{" in address:
            continue
        seen.add(address)
        answer = api.get(address)
        assert answer.status == 200, address
        if "json" in answer.headers["Content-Type"] and "/items" not in address and "/styles/" not in address:
            told = json.dumps(answer.told)
            found = [part.split('"')[0] for part in told.split('"href": "')[1:]]
            waiting += [one for one in found if "f=html" not in one and "parcels" not in one and "zones" not in one]
    assert any(address.endswith("/collections/water_pipe/schema") for address in seen)


def test_tiles_are_those_of_the_portal(world: World):
    template = next(
        one["href"] for one in Api().get("collections/water_pipe/tiles/WebMercatorQuad").told["links"]
        if one.get("templated")
    )  # fmt: skip
    (lon, lat), *_rest = by_postgis("water_pipe", world.served.pipes[0].object_id, 3857, flipped=False)
    side = 2 * 20037508.342789244 / 2**14
    column, row = int((lon + 20037508.342789244) // side), int((20037508.342789244 - lat) // side)
    place = {"{tileMatrix}": "14", "{tileRow}": str(row), "{tileCol}": str(column)}
    for name, value in place.items():
        template = template.replace(name, value)
    own = Api().get(template)
    whole = Api().get(f"tiles/WebMercatorQuad/14/{row}/{column}")
    assert (own.status, whole.status) == (200, 200)
    assert own.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert b"water_pipe" in own.body
    assert b"zones" not in own.body
    assert b"zones" in whole.body


@pytest.mark.parametrize(
    "address",
    ["tiles/WebMercatorQuad/1/2/0", "tiles/WebMercatorQuad/99/0/0", "tiles/WebMercatorQuad/a/b/c", "tiles/Other/0/0/0",
     "collections/nothing/tiles/WebMercatorQuad/0/0/0", "collections/nothing/tiles", "tileMatrixSets/Other",
     "styles/nothing", "styles/nothing/metadata", "collections/nothing/schema", "collections/nothing/queryables"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(world: World, address: str):
    answer = Api().get(address)
    assert (answer.status, answer.told["code"]) == (404, "NotFound")


def test_the_grid_is_that_of_all_web_maps(db: None):
    matrices = Api().get("tileMatrixSets/WebMercatorQuad").told["tileMatrices"]
    assert matrices[0]["scaleDenominator"] == pytest.approx(559082264.028717)
    assert matrices[18]["matrixWidth"] == 262144


def test_what_is_claimed_is_each_claimed_once(db: None):
    told = Api().get("conformance").told["conformsTo"]
    assert told == CONFORMS_TO
    assert len(told) == len(set(told))


def test_the_definition_is_valid_openapi(api: Api):
    """Also with the writing operations that a person gets."""
    validate(api.get("api").told)


def test_the_definition_tells_all_that_can_be_asked(api: Api):
    definition = api.get("api").told
    items = definition["paths"]["/collections/water_pipe/items"]
    shared = {one["$ref"].rpartition("/")[2] for one in items["get"]["parameters"] if "$ref" in one}
    own = {one["name"] for one in items["get"]["parameters"] if "name" in one}
    assert shared >= {"limit", "bbox", "crs", "filter", "filter-lang", "filter-crs", "sortby", "datetime"}
    assert own >= {"f", "label", "status", "diameter_mm"}
    assert "post" in items
    assert set(definition["paths"]["/collections/water_pipe/items/{featureId}"]) >= {"get", "put", "patch", "delete"}
    assert "post" not in Api().get("api").told["paths"]["/collections/water_pipe/items"]
