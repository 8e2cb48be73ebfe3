"""The small world of `tests.layers.served` with a building and an open hydrant, published once for each module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import translation
from psycopg import sql

from layers.access import Reader, reader_of
from layers.catalogue import Catalogue, catalogue_of
from layers.crs import LON_LAT
from layers.filters import cql2
from layers.filters.nodes import Node
from layers.layer import Layer
from layers.query import Query, count, select, snapshot, stream
from registries.changes import door
from registries.changes.edits import Edit
from registries.core.models import Role, User
from registries.networks.models import AssetType, Network
from tests.conftest import hydrant, person, point, square
from tests.layers.served import Served, build


@dataclass(frozen=True)
class World:
    """What a reader who sees everything is answered."""

    served: Served
    catalogue: Catalogue

    @property
    def reader(self) -> Reader:
        return self.catalogue.reader

    def layer(self, key: str) -> Layer:
        layer = self.catalogue.get(key)
        assert layer is not None, key
        return layer

    def found(self, key: str, node: Node | str) -> set[str]:
        """The identifiers of the features that meet `node`, which may be CQL2 text; the count agrees."""
        node = cql2.read(node, "cql2-text", LON_LAT) if isinstance(node, str) else node
        query = Query(layer=self.layer(key), reader=self.reader, filter=node)
        with snapshot():
            ids = b"".join(stream(select(query, sql.SQL("t.id")))).decode().split()
            assert count(query) == len(ids)
        return set(ids)

    def by_hand(self, key: str, condition: str, *values: Any) -> set[str]:
        """The same found by SQL over the table, in which every column has its own name."""
        layer = self.layer(key)
        columns = sql.SQL(", ").join(
            sql.SQL("{} AS {}").format(column.expression, sql.Identifier(column.name)) for column in layer.columns
        )
        table = sql.SQL("SELECT t.id, t.version, {} AS geom, {} FROM {} WHERE {}").format(
            layer.geom, columns, layer.source, layer.where
        )
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT id FROM ({}) f WHERE {}").format(table, sql.SQL(condition)), values or None)
            return {str(row[0]) for row in cursor.fetchall()}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Modules that use it are marked `django_db`: each test is then a savepoint in the transaction that holds it."""
    with django_db_blocker.unblock(), transaction.atomic():
        olena, boris = person("olena", Role.EDITOR), person("boris", Role.REVIEWER)
        ada = person("ada", Role.ADMINISTRATOR)

        def publish(edits: Iterable[Edit]) -> None:
            change_set = door.propose(olena, edits, title="made for a test")
            door.submit(olena, change_set)
            door.approve(boris, change_set, "For a test.")
            door.publish(boris, change_set)

        network = made_network(publish)
        served = build(network, publish)
        zone_id = network.zone_id
        hall = {"zone": zone_id, "name": "Хале", "floors": 3, "height_m": 12.5}
        publish(
            [
                Edit.create("land.building", hall, square(20, 20, 40)),
                hydrant(network, point(60, 60), label="H-2", is_open=True),
            ]
        )
        yield World(served, whole(ada))
        transaction.set_rollback(True)


def made_network(publish: Any) -> Network:
    for key, kind in (("water_pipe", "link"), ("water_hydrant", "node")):
        AssetType.objects.get_or_create(
            key=key, defaults={"theme": "water", "geometry_kind": kind, "title_bg": key, "title_en": key}
        )
    zone = Edit.create("land.zone", {"code": "east", "name": "Индустриална зона Изток"}, square(0, 0, 1000))
    publish([zone])
    columns = {"zone": zone.object_id, "theme": "water", "name": "Водопровод", "visibility": 0}
    network = Edit.create("networks.network", columns)
    publish([network])
    return Network.objects.get(pk=network.object_id)


def whole(user: User) -> Catalogue:
    return catalogue_of(reader_of(user))
