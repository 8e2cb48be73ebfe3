"""One statement for each tile, prepared once, and true for drafts and the past too."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.tiles import editions
from layers.tiles.statement import scans
from registries.changes import door
from registries.changes.edits import Edit
from registries.core.errors import NotFound
from registries.core.models import User
from registries.core.overlay import as_of, draft
from registries.networks.models import Network
from tests.conftest import Publish, line, pipe
from tests.layers.tiles.conftest import Place
from tests.layers.tiles.decoding import decode, tile_of


def pipes(place: Place, folder: Path) -> int:
    tile = tile_of(place.pipe.geom, 16)
    _edition, data = editions.draw("networks", *tile)
    return len(decode(data, tile, folder)["water_pipe"])


def test_types_of_one_table_are_read_together(place: Place) -> None:
    catalogue = catalogue_of(reader_of(None))
    read = scans(catalogue, 16)
    assert sum(scan.first.per_network for scan in read) == 2
    assert {layer.key for scan in read for layer in scan.layers} == {layer.key for layer in catalogue}


def test_a_statement_is_prepared_once(place: Place) -> None:
    editions.draw("zone", 16, 0, 0)
    connection.connection.execute("DEALLOCATE ALL", prepare=False)
    for row in range(5):
        editions.draw("zone", 16, 37604, 24000 + row)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE 'WITH tile%%'"
        )
        assert cursor.fetchall() == [(5,)]


def test_a_draft_is_drawn_inside_its_context_only(place: Place, olena: User, tmp_path: Path) -> None:
    change_set = door.propose(olena, [pipe(Network.objects.get(), line((120, 100), (180, 90)))], title="one more")
    with draft(change_set.pk):
        assert pipes(place, tmp_path) == 3
    assert pipes(place, tmp_path) == 2


def test_the_past_is_drawn_inside_its_context_only(place: Place, tmp_path: Path) -> None:
    with as_of(timezone.now().replace(year=2000)):
        assert editions.draw("networks", *tile_of(place.pipe.geom, 16))[1] == b""
    assert pipes(place, tmp_path) == 2


def test_a_changed_registry_makes_a_new_edition(place: Place, publish: Publish) -> None:
    before = editions.present("networks")
    assert editions.present("networks") is before
    publish([Edit.update("networks.link", place.pipe.object_id, {"label": "W-2"})])
    after = editions.draw("networks", 16, 0, 0)[0]
    assert after.revision != before.revision


def test_a_changed_definition_makes_a_new_revision(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = editions.present("zone").revision
    editions._kept.clear()
    monkeypatch.setattr("layers.tiles.statement.CAP", 7)
    assert editions.present("zone").revision != before


@pytest.mark.django_db
def test_an_unknown_tileset_is_refused() -> None:
    with pytest.raises(NotFound):
        editions.present("nothing")


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_opened_again() -> None:
    editions.present("zone")
    with psycopg.connect(connection.connection.info.dsn, password=connection.connection.info.password) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    assert editions.draw("zone", 0, 0, 0)[1] == b""
