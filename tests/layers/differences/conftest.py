"""Olena's draft: a building comes, one moves, one goes, one only gets a floor more; a hydrant moves, a pipe goes."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeItem, ChangeSet
from registries.core.models import User
from registries.land.models import Zone
from registries.networks.models import Network
from tests.conftest import Publish, hydrant, line, pipe, point, square


def building(zone: Zone, x: float, y: float, **columns: object) -> Edit:
    return Edit.create("land.building", {"zone": zone.pk, "name": f"Hall {x:g}", **columns}, square(x, y, 40))


@dataclass(frozen=True)
class Draft:
    """The set and the edits in it, by what they do."""

    change_set: ChangeSet
    added: Edit
    moved: Edit
    removed: Edit
    raised: Edit
    hydrant: Edit
    pipe: Edit
    # What was published before.
    was: dict[str, Edit]

    def item(self, edit: Edit) -> ChangeItem:
        return self.change_set.items.get(object_id=edit.object_id)


@pytest.fixture
def draft(olena: User, publish: Publish, zone: Zone, network: Network) -> Draft:
    was = {
        "moved": building(zone, 200, 100),
        "removed": building(zone, 300, 100),
        "raised": building(zone, 400, 100, floors=1),
        "hydrant": hydrant(network, point(220, 200)),
        "pipe": pipe(network, line((100, 220), (500, 220))),
    }
    publish(was.values())
    added = building(zone, 100, 100)
    moved = Edit.update("land.building", was["moved"].object_id, {}, square(220, 120, 40))
    removed = Edit.delete("land.building", was["removed"].object_id)
    raised = Edit.update("land.building", was["raised"].object_id, {"floors": 2})
    stand = Edit.update("networks.node", was["hydrant"].object_id, {}, point(230, 200))
    main = Edit.delete("networks.link", was["pipe"].object_id)
    change_set = door.propose(olena, [added, moved, removed, raised, stand, main], title="Yard")
    return Draft(change_set, added, moved, removed, raised, stand, main, was)
