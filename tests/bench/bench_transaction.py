"""10,000 features inserted by one Transaction, as QGIS sends it, into a person's draft; then all of them changed.

    .venv/bin/python -m tests.bench.bench_transaction [--features 10000] [--database gis_portal_bench_transaction]

Lines of five vertices with six values each come by WFS 1.1.0 (what QGIS sends) with an access token; the whole request
is measured, from the bytes of its body to those of the answer, without a network between. The target (issue 4) is 30 s
for the inserts on 2 cores.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client
from django.utils import timezone

from tests.bench.generate import PLACE, arguments, create, use

IN_A_ROW, STEP_M, ZONE_M = 100, 40, 20_000
ADDRESS = "/ows/wfs/edit"
HEAD = (
    '<Transaction xmlns="http://www.opengis.net/wfs" version="1.1.0" service="WFS" xmlns:gml="http://www.opengis.net/gml"'
    ' xmlns:ogc="http://www.opengis.net/ogc" xmlns:zone="urn:gis-portal:registry">'
)


def person(name: str, role: str) -> Any:
    models = import_module("registries.core.models")
    user, _made = models.User.objects.get_or_create(username=name)
    models.RoleGrant.objects.get_or_create(user=user, role=role, zone_id=None, network_id=None)
    return user


def network(name: str) -> None:
    """A published zone that holds all lines, and a water network in it."""
    door, edits = import_module("registries.changes.door"), import_module("registries.changes.edits")
    zone, editor, reviewer = uuid4(), person("bench_editor", "editor"), person("bench_reviewer", "reviewer")
    shape = Polygon.from_bbox((PLACE["east"], PLACE["north"], PLACE["east"] + ZONE_M, PLACE["north"] + ZONE_M))
    area = MultiPolygon(shape, srid=PLACE["srid"])
    made = [
        edits.Edit.create("land.zone", {"code": "bench", "name": "Bench"}, area, zone),
        edits.Edit.create("networks.network", {"zone_id": zone, "theme": "water", "name": name}),
    ]
    change_set = door.propose(editor, made, title="bench")
    door.submit(editor, change_set)
    door.approve(reviewer, change_set, "For the bench.")
    door.publish(reviewer, change_set)


def inserts(count: int, network_name: str) -> Iterator[str]:
    """Lines in QGIS's words; EPSG:7801 by URN puts north first."""
    yield HEAD
    for number in range(count):
        row, column = divmod(number, IN_A_ROW)
        east, north = PLACE["east"] + 100 + STEP_M * column, PLACE["north"] + 100 + STEP_M * row
        places = " ".join(f"{north + step % 2:.3f} {east + 7 * step:.3f}" for step in range(5))
        yield (
            f"<Insert><zone:water_pipe><zone:network>{network_name}</zone:network><zone:label>В-{number}</zone:label>"
            "<zone:status>functional</zone:status><zone:installed_on>2024-05-06</zone:installed_on>"
            "<zone:material>PE</zone:material><zone:diameter_mm>160</zone:diameter_mm><zone:geom>"
            '<gml:LineString srsName="urn:ogc:def:crs:EPSG::7801"><gml:posList srsDimension="2">'
            f"{places}</gml:posList></gml:LineString></zone:geom></zone:water_pipe></Insert>"
        )
    yield "</Transaction>"


def updates(ids: list[str]) -> Iterator[str]:
    yield HEAD
    for number, id in enumerate(ids):
        yield (
            '<Update typeName="zone:water_pipe"><Property><Name>zone:label</Name>'
            f'<Value>Н-{number}</Value></Property><ogc:Filter><ogc:FeatureId fid="{id}"/></ogc:Filter></Update>'
        )
    yield "</Transaction>"


def posted(what: str, content: str, secret: str) -> str:
    body = content.encode()
    started = time.perf_counter()
    leave = {"Authorization": f"Bearer {secret}"}
    response = Client(SERVER_NAME="localhost").post(ADDRESS, body, "text/xml", headers=leave)
    answer = response.getvalue().decode()
    seconds = time.perf_counter() - started
    total = re.search(r"<wfs:total\w+>([1-9]\d*)<", answer)
    if total is None:
        sys.exit(answer[:2000])
    sys.stdout.write(f"  {what:>8} {total[1]} features ({len(body) / 1e6:.1f} MB) in {seconds:6.2f} s\n")
    return answer


def main() -> None:
    options = arguments(__doc__, "gis_portal_bench_transaction")
    options.add_argument("--features", type=int, default=10_000)
    given = options.parse_args()
    use(given.database)
    create(reset=True)
    import_module("registries.networks.catalogue").load()
    tokens = import_module("registries.core.tokens")
    name = f"Bench {timezone.now():%H%M%S}"
    network(name)
    secret = tokens.issue(person("bench_editor", "editor"), "bench", "edit", timedelta(days=1))
    answer = posted("inserts", "".join(inserts(given.features, name)), secret)
    posted("updates", "".join(updates(re.findall(r'fid="([^"]+)"', answer))), secret)


if __name__ == "__main__":
    main()
