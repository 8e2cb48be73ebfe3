"""The journey of a change: Olena proposes a plot, Boris approves it, and Iva sees it everywhere at once, or nowhere."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.models import User
from registries.land.models import Zone
from tests.conftest import EAST, NORTH, square
from tests.layers.tiles.decoding import decode, tile_of

Sees = Callable[[], dict[str, bool]]
GROUND = square(100, 100, 200)


@pytest.fixture
def plot(zone: Zone) -> Edit:
    return Edit.create("land.plot", {"zone": zone.pk, "code": "Ж-1", "status": "available"}, GROUND)


@pytest.fixture
def iva_sees(client: Client, plot: Edit, tmp_path: Path) -> Sees:
    """Whether a visitor meets the plot, by way of looking."""
    query = "service=WFS&version=2.0.0&request=GetFeature&typeNames=zone:plots&outputFormat=application/json"
    bbox = f"{EAST + 150},{NORTH + 150},{EAST + 250},{NORTH + 250}"
    picture = (
        "service=WMS&version=1.1.1&request=GetMap&layers=plots&styles=&srs=EPSG:7801&width=50&height=50"
        f"&format=image/png&bbox={bbox}"
    )

    def tile_has_it() -> bool:
        template = client.get("/tiles/zone.json").json()["tiles"][0]
        z, x, y = tile_of(GROUND, 15)
        found = client.get(template.replace("{z}", str(z)).replace("{x}", str(x)).replace("{y}", str(y)))
        assert "immutable" in found["Cache-Control"]
        return found.status_code == 200 and "plots" in decode(found.content, (z, x, y), tmp_path)

    def picture_has_it() -> bool:
        body = b"".join(client.get(f"/ows/wms?{picture}"))
        colours = Image.open(io.BytesIO(body)).convert("RGB").getcolors()
        return colours is not None and len(colours) > 1

    def look() -> dict[str, bool]:
        features = b"".join(client.get(f"/ows/wfs?{query}"))
        item = client.get(f"/ogc/collections/plots/items/{plot.object_id}?f=json")
        return {
            "WFS": str(plot.object_id).encode() in features,
            "OGC API": item.status_code == 200,
            "tiles": tile_has_it(),
            "WMS": picture_has_it(),
            "search": any(hit["title"] == "Ж-1" for hit in client.get("/map/search", {"q": "Ж-1"}).json()["results"]),
            "list": "Ж-1" in client.get("/plots/").content.decode(),
        }

    return look


def everywhere(sees: dict[str, bool]) -> bool:
    assert len(set(sees.values())) == 1, f"The protocols disagree: {sees}"
    return all(sees.values())


def test_a_plot_appears_with_its_publication_and_goes_with_its_revert(
    olena: User, boris: User, plot: Edit, iva_sees: Sees
) -> None:
    change_set = door.propose(olena, [plot], title="Нов терен")
    assert not everywhere(iva_sees())
    door.submit(olena, change_set)
    door.approve(boris, change_set, "For a test.")
    assert not everywhere(iva_sees())
    door.publish(boris, change_set)
    assert everywhere(iva_sees())

    undo = door.revert(olena, change_set)
    assert everywhere(iva_sees())
    door.submit(olena, undo)
    door.approve(boris, undo, "For a test.")
    door.publish(boris, undo)
    assert not everywhere(iva_sees())
    assert ChangeSet.objects.get(pk=undo.pk).state == ChangeSet.State.PUBLISHED
