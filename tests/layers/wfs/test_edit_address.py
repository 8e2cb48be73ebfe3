"""The address for who edits: a person is needed, and sees the own draft, the own layers and versions in identifiers."""

from __future__ import annotations

import re
from datetime import timedelta

from django.test import Client

from registries.changes import door
from registries.core import tokens
from registries.core.models import AccessToken, User
from tests.conftest import line, pipe
from tests.layers.served import Served
from tests.layers.wfs.client import Answer, body

EDIT = "/ows/wfs/edit"


def ask(client: Client, request: str = "GetFeature", **values: object) -> Answer:
    pairs = {"service": "WFS", "version": "2.0.0", "request": request, **values}
    response = client.get(EDIT, pairs)
    return Answer(response.status_code, response["Content-Type"], body(response))


def test_without_a_person_it_asks_for_one(client: Client, db: None):
    response = client.get(EDIT, {"service": "WFS", "request": "GetCapabilities"})
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic ")


def test_who_may_edit_nothing_sees_no_layers(client: Client, served: Served, stranger: User):
    client.force_login(stranger)
    answer = ask(client, "GetCapabilities")
    assert (answer.status, answer.all("//wfs:FeatureType")) == (200, [])


def test_an_editor_sees_the_layers_with_versions_in_the_identifiers(client: Client, served: Served, olena: User):
    client.force_login(olena)
    ids = ask(client, typeNames="water_pipe").ids
    assert len(ids) == 7
    assert all(re.fullmatch(r"water_pipe\.[0-9a-f-]{36}\.v1", id) for id in ids)


def test_a_feature_is_found_by_its_identifier_with_the_version(client: Client, served: Served, olena: User):
    client.force_login(olena)
    (wanted, *_rest) = ask(client, typeNames="water_pipe").ids
    assert ask(client, resourceId=wanted).ids == [wanted]
    assert ask(client, resourceId=wanted.replace(".v1", ".v9")).ids == []


def test_the_own_open_session_is_seen_and_no_other_draft(client: Client, served: Served, olena: User):
    door.propose(olena, [pipe(served.network, line((0, 900), (50, 900)), label="desk")], title="at the desk")
    own = pipe(served.network, line((0, 950), (50, 950)), label="own")
    door.collect(olena, [own])
    client.force_login(olena)
    labels = {label.text for label in ask(client, typeNames="water_pipe").all("//zone:label")}
    assert "own" in labels
    assert "desk" not in labels


def test_transactions_are_declared_here_alone(client: Client, served: Served, olena: User):
    client.force_login(olena)
    declared = ask(client, "GetCapabilities")
    assert declared.text("//ows:Constraint[@name='ImplementsTransactionalWFS']/ows:DefaultValue") == "TRUE"
    assert declared.text("//ows:Constraint[@name='PagingIsTransactionSafe']/ows:DefaultValue") == "FALSE"
    assert "Transaction" in declared.all("//ows:Operation/@name")
    public = client.get("/ows/wfs", {"service": "WFS", "request": "GetCapabilities"})
    assert b'Transaction"' not in body(public).replace(b"PagingIsTransactionSafe", b"")


def test_the_layers_of_1_1_say_what_may_be_done(client: Client, served: Served, olena: User):
    client.force_login(olena)
    found = ask(client, "GetCapabilities", version="1.1.0").xml.iterfind(".//{*}FeatureType/{*}Operations/{*}Operation")
    assert {one.text for one in found} == {"Query", "Insert", "Update", "Delete", "Lock"}


def test_a_token_is_a_person(client: Client, served: Served, olena: User):
    made = tokens.issue(olena, "QGIS", AccessToken.Scope.READ, timedelta(days=1))
    response = client.get(
        EDIT, {"service": "WFS", "request": "GetCapabilities"}, headers={"Authorization": f"Bearer {made}"}
    )
    assert response.status_code == 200
