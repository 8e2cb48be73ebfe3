"""A download is a stream: flat memory, one moment in time, and a connection that survives a client that hangs up."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.conftest import Publish, line, pipe
from tests.layers.served import Served
from tests.layers.wfs.client import ADDRESS, ask

MANY = 12_000
REQUEST = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": "water_pipe"}


@pytest.fixture
def many(transactional_db: None, served: Served) -> int:
    """Many pipes, copied past the door."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('registries.door', 'open', true)")
        cursor.execute(
            "INSERT INTO networks_link (id, version, begin_lifespan_version, network_id, asset_type_id, label, status,"
            " vertical_position, capacity_unit, location_quality, survey_method, height_datum, attributes, role,"
            " direction, material, geom) SELECT gen_random_uuid(), 1, now(), network_id, asset_type_id, label, status,"
            " vertical_position, capacity_unit, location_quality, survey_method, height_datum, attributes, role,"
            " direction, material, geom FROM networks_link, generate_series(1, %s) WHERE id = %s",
            [MANY, served.pipes[0].object_id],
        )
    return MANY + len(served.pipes)


def closed_after(client: Client, blocks: int, **values: Any) -> None:
    """Ask, read a little, hang up."""
    response = client.get(ADDRESS, {**REQUEST, **values})
    stream = iter(response)
    for _ in range(blocks):
        next(stream)
    response.close()


@pytest.mark.parametrize("blocks", [0, 1, 2, 5])
def test_hanging_up_leaves_the_connection_usable(client: Client, many: int, blocks: int):
    closed_after(client, blocks)
    assert not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_backend_pid(), current_setting('enable_sort'), current_setting('transaction_read_only')"
        )
        before = cursor.fetchone()
    assert before[1:] == ("on", "off")
    answer = ask(client, typeNames="water_pipe", count=3)
    assert (answer.status, len(answer.ids)) == (200, 3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] == before[0]


def test_a_large_download_is_whole_and_in_order(client: Client, many: int):
    answer = ask(client, typeNames="water_pipe")
    assert answer.text("/*/@numberReturned") == str(many)
    assert len(answer.ids) == many
    assert answer.ids == sorted(answer.ids)


def test_a_large_download_comes_in_blocks(client: Client, many: int):
    blocks = list(client.get(ADDRESS, REQUEST))
    assert len(blocks) > 20
    assert max(map(len, blocks)) < 200_000


def test_a_remembered_count_is_forgotten_when_something_is_published(
    client: Client, many: int, served: Served, publish: Publish
):
    assert ask(client, typeNames="water_pipe", resultType="hits").text("/*/@numberMatched") == str(many)
    publish([pipe(served.network, line((0, 0), (1, 1)))])
    assert ask(client, typeNames="water_pipe", resultType="hits").text("/*/@numberMatched") == str(many + 1)
