"""A change set of 5,000 items among 450,000 features: handed in, opened on the desk, drawn, and published.

    .venv/bin/python -m tests.bench.bench_changes [--items 5000] [--database gis_portal_bench_changes]

Hydrants are added and published, then half of them are moved and the others renamed. Told for both sets: seconds for
proposing, submitting, the reviewer's page, the counts and bounds of its map, approving and publishing. The targets
(issue 3), on 2 cores: the page under 2 s, publishing under 15 s. No network is between: what is measured is the
portal's work. The first page of the run also compiles templates and imports modules.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.test import Client
from django.utils import timezone

from tests.bench.generate import PLACE, arguments, create, is_filled, load, use

IN_A_ROW, STEP_M = 100, 40
T = TypeVar("T")


def timed(what: str, work: Callable[[], T]) -> T:
    started = time.perf_counter()
    found = work()
    sys.stdout.write(f"  {what:>12} {time.perf_counter() - started:6.2f} s\n")
    return found


def person(name: str, role: str) -> Any:
    models = import_module("registries.core.models")
    user, _made = models.User.objects.get_or_create(username=name)
    models.RoleGrant.objects.get_or_create(user=user, role=role, zone_id=None, network_id=None)
    return user


def place(number: int, shift_m: float = 0) -> Point:
    row, column = divmod(number, IN_A_ROW)
    east, north = PLACE["east"] + 5_000 + STEP_M * column, PLACE["north"] + 5_000 + STEP_M * row
    return Point(east + shift_m, north, srid=PLACE["srid"])


def network(edits: Any) -> tuple[list[Any], UUID]:
    """A zone that holds all places, and a network in it."""
    zone, known = uuid4(), uuid4()
    west, south, far = PLACE["east"], PLACE["north"], 20_000
    shape = MultiPolygon(Polygon.from_bbox((west, south, west + far, south + far)), srid=PLACE["srid"])
    stamp = f"{timezone.now():%H%M%S}"
    return [
        edits.Edit.create("land.zone", {"code": stamp, "name": "Bench"}, shape, zone),
        edits.Edit.create("networks.network", {"zone_id": zone, "theme": "water", "name": stamp}, None, known),
    ], known


def through(what: str, edits: list[Any], author: Any, reviewer: Any) -> None:
    """The way of one change set from its author to the public, each step timed."""
    door = import_module("registries.changes.door")
    sys.stdout.write(f"{what}: {len(edits)} items\n")
    change_set = timed("propose", lambda: door.propose(author, edits, title=what))
    timed("submit", lambda: door.submit(author, change_set))
    client = Client(headers={"host": "127.0.0.1", "accept": "text/html"})
    client.force_login(reviewer)
    address = f"/desk/changes/{change_set.pk}/"
    page = timed("page", lambda: client.get(address))
    assert page.status_code == 200, page
    assert timed("diff.json", lambda: client.get(f"{address}diff.json")).status_code == 200
    timed("approve", lambda: door.approve(reviewer, change_set, "Measured."))
    timed("publish", lambda: door.publish(reviewer, change_set))


def main() -> None:
    options = arguments(__doc__, "gis_portal_bench_changes")
    options.add_argument("--items", type=int, default=5_000)
    given = options.parse_args()
    use(given.database)
    create(reset=True)
    if not is_filled():
        load()
    import_module("registries.networks.catalogue").load()
    edits = import_module("registries.changes.edits")
    roles = import_module("registries.core.models").Role
    author, reviewer = person("author", roles.EDITOR), person("reviewer", roles.REVIEWER)
    ground, known = network(edits)
    through("A zone", ground, author, reviewer)
    ids = [uuid4() for _number in range(given.items)]
    node = {"network_id": known, "asset_type_id": "water_hydrant", "status": "functional"}
    added = [edits.Edit.create("networks.node", node, place(number), id) for number, id in enumerate(ids)]
    through("Added", added, author, reviewer)
    changed = [
        edits.Edit.update("networks.node", id, {"label": f"П-{number}"}, place(number, 1) if number % 2 else None)
        for number, id in enumerate(ids)
    ]
    through("Changed", changed, author, reviewer)


if __name__ == "__main__":
    main()
