"""Servers that people use today, each over one plain table with the very rows and columns of our layer of water pipes.

Each is started from its own environment: `PEERS` names a folder with `gisserver/bin` and `tipg/bin` (virtual
environments with django-gisserver and gunicorn, with tipg and uvicorn); MapServer and lighttpd are Debian's. What is
missing is left out, and the output says so.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import psycopg
from django.conf import settings
from psycopg import sql

from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.crs import to_lon_lat
from layers.layer import Layer
from layers.query import Query as FeatureQuery
from layers.query import where
from tests.bench.bench_tiles import conninfo, free_port, server, url

TABLE = "bench_pipe"
LAYER = "water_pipe"
MAPSERV = "/usr/lib/cgi-bin/mapserv"
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Ask:
    """What is asked for: `count` features from `start` on, or those that meet `box` in the registry's plane."""

    start: int = 0
    count: int | None = None
    box: Box | None = None


@dataclass(frozen=True)
class Peer:
    """A running server and the path and query of each question it can be asked, by format."""

    name: str
    port: int
    paths: dict[str, Callable[[Ask], str]]


def layer() -> Layer:
    found = catalogue_of(reader_of(None)).get(LAYER)
    if found is None:
        sys.exit(f"There is no layer {LAYER}: run tests.bench.generate.")
    return found


def table(address: str) -> int:
    """Make the peers' table; how many rows it has."""
    ours = layer()
    columns = [sql.SQL("{} AS {}").format(one.expression, sql.Identifier(one.name)) for one in ours.columns]
    query = FeatureQuery(layer=ours, reader=catalogue_of(reader_of(None)).reader)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(TABLE)))
        connection.execute(
            sql.SQL(
                "CREATE TABLE {} AS SELECT t.id, {}, t.geom::geometry(LineString, {}) AS geom FROM {} WHERE {}"
                " ORDER BY t.id"
            ).format(
                sql.Identifier(TABLE),
                sql.SQL(", ").join(columns),
                sql.Literal(settings.REGISTRY_SRID),
                ours.source,
                where(query),
            )
        )
        connection.execute(f"ALTER TABLE {TABLE} ADD PRIMARY KEY (id)")
        connection.execute(f"CREATE INDEX ON {TABLE} USING gist (geom)")
        connection.execute(f"ANALYZE {TABLE}")
        return int(connection.execute(f"SELECT count(*) FROM {TABLE}").fetchone()[0])


def wfs(base: str, type_name: str, output_format: str) -> Callable[[Ask], str]:
    fixed = f"{base}service=WFS&version=2.0.0&request=GetFeature&typeNames={type_name}&srsName=EPSG:7801"

    def path(ask: Ask) -> str:
        query = f"{fixed}&outputFormat={output_format}"
        if ask.count is not None:
            query += f"&count={ask.count}&startIndex={ask.start}"
        if ask.box:
            west, south, east, north = ask.box
            query += f"&bbox={south},{west},{north},{east},urn:ogc:def:crs:EPSG::7801"
        return query

    return path


@contextmanager
def ours() -> Iterator[Peer]:
    port = free_port()
    command = [str(Path(sys.executable).parent / "gunicorn"), "--config", "python:gis_portal.serve"]
    environment = {"DATABASE_URL": url(conninfo()), "DEMO": "yes", "WEB_BIND": f"127.0.0.1:{port}"}
    with server(command, port, {**environment, "WEB_PROCESSES": "1"}, "/tmp/bench_ours.log"):
        paths = {
            "gml": wfs("/ows/wfs?", f"zone:{LAYER}", "gml32"),
            "geojson": wfs("/ows/wfs?", f"zone:{LAYER}", "geojson"),
        }
        yield Peer("ours", port, paths)


@contextmanager
def gisserver(folder: Path) -> Iterator[Peer]:
    port = free_port()
    database = {f"BENCH_DATABASE_{name}": str(settings.DATABASES["default"][name]) for name in ("NAME", "USER")}
    database |= {f"BENCH_DATABASE_{name}": str(settings.DATABASES["default"][name]) for name in ("HOST", "PORT")}
    columns = ",".join(f"{column.name}:{column.type}" for column in layer().columns)
    command = [str(folder / "gisserver/bin/gunicorn"), "-b", f"127.0.0.1:{port}", "gisserver_site:application"]
    environment = {**database, "BENCH_COLUMNS": columns, "PYTHONPATH": str(Path(__file__).parent)}
    with server(command, port, environment, "/tmp/bench_gisserver.log"):
        geojson = wfs("/wfs?", TABLE, "geojson")
        yield Peer("gisserver", port, {"gml": wfs("/wfs?", TABLE, "application/gml%2Bxml"), "geojson": geojson})


@contextmanager
def tipg(folder: Path) -> Iterator[Peer]:
    port = free_port()
    command = [str(folder / "tipg/bin/uvicorn"), "tipg.main:app", "--port", str(port), "--log-level", "warning"]
    environment = {"DATABASE_URL": url(conninfo()), "TIPG_MAX_FEATURES_PER_QUERY": "1000000"}

    def path(ask: Ask) -> str:
        query = f"/collections/public.{TABLE}/items?f=geojson&offset={ask.start}&limit={ask.count or 1_000_000}"
        return query + (f"&bbox={','.join(map(str, to_lon_lat(ask.box, settings.REGISTRY_SRID)))}" if ask.box else "")

    with server([*command, "--no-access-log"], port, environment, "/tmp/bench_tipg.log"):
        yield Peer("tipg", port, {"geojson": path})


MAP_FILE = """MAP NAME "bench" EXTENT 570000 4770000 600000 4800000 PROJECTION "init=epsg:7801" END
OUTPUTFORMAT NAME "geojson" DRIVER "OGR/GEOJSON" MIMETYPE "application/json" FORMATOPTION "STORAGE=stream"
  FORMATOPTION "FORM=simple" END
WEB METADATA "wfs_title" "bench" "wfs_onlineresource" "http://127.0.0.1/wfs" "wfs_srs" "EPSG:7801"
  "wfs_enable_request" "*" END END
LAYER NAME "{table}" TYPE LINE STATUS ON CONNECTIONTYPE POSTGIS CONNECTION "{connection}"
  PROCESSING "CLOSE_CONNECTION=DEFER"
  DATA "geom FROM {table} USING UNIQUE id USING SRID=7801" PROJECTION "init=epsg:7801" END
  METADATA "wfs_title" "pipes" "gml_include_items" "all" "gml_featureid" "id" "wfs_srs" "EPSG:7801"
  "wfs_getfeature_formatlist" "gml32,geojson" END
END END
"""
LIGHTTPD = """server.modules = ("mod_fastcgi")
server.document-root = "{folder}"
server.bind = "127.0.0.1"
server.port = {port}
server.stream-response-body = 2
fastcgi.server = ("/wfs" => (("bin-path" => "{mapserv}", "socket" => "{folder}/s", "max-procs" => 1,
  "check-local" => "disable", "bin-environment" => (
  "MAPSERVER_CONFIG_FILE" => "{folder}/mapserver.conf"))))
"""


@contextmanager
def mapserver() -> Iterator[Peer]:
    port, folder = free_port(), Path(mkdtemp(prefix="bench-mapserver-"))
    places = {"folder": folder, "port": port, "mapserv": MAPSERV, "table": TABLE, "connection": conninfo()}
    (folder / "bench.map").write_text(MAP_FILE.format(**places))
    (folder / "lighttpd.conf").write_text(LIGHTTPD.format(**places))
    (folder / "mapserver.conf").write_text('CONFIG\nENV\nMS_MAP_PATTERN "."\nEND\nEND\n')
    try:
        with server(["lighttpd", "-D", "-f", str(folder / "lighttpd.conf")], port, {}, "/tmp/bench_mapserver.log"):
            base = f"/wfs?map={folder}/bench.map&"
            gml = wfs(base, TABLE, "application/gml%2Bxml;%20version=3.2")
            yield Peer("mapserver", port, {"gml": gml, "geojson": wfs(base, TABLE, "geojson")})
    finally:
        shutil.rmtree(folder)


def running(stack: ExitStack) -> list[Peer]:
    """Ours first, then the peers that are there."""
    found = [stack.enter_context(ours())]
    folder = Path(os.environ.get("PEERS", ""))
    for name, start in {"gisserver": gisserver, "tipg": tipg}.items():
        if "PEERS" in os.environ and (folder / name).is_dir():
            found.append(stack.enter_context(start(folder)))
        else:
            sys.stdout.write(f"There is no environment of {name} in PEERS: it is left out.\n")
    if Path(MAPSERV).exists() and shutil.which("lighttpd"):
        found.append(stack.enter_context(mapserver()))
    else:
        sys.stdout.write("MapServer (cgi-mapserver) or lighttpd is not installed: it is left out.\n")
    return found
