"""Pages stay parts of one whole while others publish, also for readers who may not look into the past."""

from __future__ import annotations

import pytest
from django.core import signing
from django.test import Client

from layers.wfs import paging
from registries.changes.edits import Edit
from tests.conftest import Publish, line, pipe
from tests.layers.served import Served
from tests.layers.wfs.client import Answer, ask, body


@pytest.fixture(autouse=True)
def closed_history(settings) -> None:
    settings.PUBLIC_HISTORY = False


def follow(client: Client, answer: Answer, name: str = "next") -> Answer:
    response = client.get(answer.text(f"/*/@{name}"))
    return Answer(response.status_code, response["Content-Type"], body(response))


def test_what_is_published_meanwhile_moves_no_page(client: Client, served: Served, publish: Publish):
    before = ask(client, typeNames="water_pipe").ids
    first = ask(client, typeNames="water_pipe", count=3)
    gone = next(one for one in served.pipes if first.ids[0].endswith(str(one.object_id)))
    publish([Edit.delete("networks.link", gone.object_id), pipe(served.network, line((0, 900), (50, 900)))])
    second = follow(client, first)
    third = follow(client, second)
    assert [*first.ids, *second.ids, *third.ids] == before
    assert [page.text("/*/@numberMatched") for page in (second, third)] == ["7", "7"]
    assert follow(client, second, "previous").ids == first.ids


def test_who_begins_again_sees_what_is_new(client: Client, served: Served, publish: Publish):
    publish([pipe(served.network, line((0, 900), (50, 900)))])
    assert ask(client, typeNames="water_pipe", count=3).text("/*/@numberMatched") == "8"


def test_the_first_page_of_hits_is_of_the_same_moment(client: Client, served: Served, publish: Publish):
    hits = ask(client, typeNames="water_pipe", resultType="hits")
    publish([pipe(served.network, line((0, 900), (50, 900)))])
    assert follow(client, hits).text("/*/@numberMatched") == "7"


def test_a_link_does_not_hold_for_ever(client: Client, served: Served, monkeypatch: pytest.MonkeyPatch):
    first = ask(client, typeNames="water_pipe", count=3)
    monkeypatch.setattr(paging, "LIFETIME_S", -1)
    answer = follow(client, first)
    assert (answer.status, answer.locator) == (400, "as_of")


def test_nobody_makes_a_moment_up(client: Client, served: Served):
    for made_up in ("2020-01-01T00:00:00+00:00", signing.TimestampSigner(salt="x").sign("2020-01-01T00:00:00+00:00")):
        answer = ask(client, typeNames="water_pipe", as_of=made_up)
        assert (answer.status, answer.locator) == (400, "as_of")
