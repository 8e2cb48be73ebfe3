"""Who may edit what over WFS, and who is sent away before anything is looked at."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.test import Client

from registries.changes.models import ChangeSet, FeatureLock
from registries.core import tokens
from registries.core.models import AccessToken, Role, User
from tests.conftest import EAST, NORTH, person
from tests.layers.served import Served
from tests.layers.wfs.transactions.editor import ADDRESS, Editor, delete, hydrant, pos, update, uuid_of, value

HERE = pos(EAST + 40, NORTH + 40)


def nothing_happened() -> bool:
    return not ChangeSet.objects.filter(source="qgis").exists() and not FeatureLock.objects.exists()


def test_a_token_for_reading_changes_nothing(served: Served, olena: User, hydrant_id: str):
    reader = Editor.of(olena, "read")
    assert reader.do(delete(hydrant_id)).status == 403
    for name in ("Transaction", "%54ransaction"):
        response = Client().get(
            f"{ADDRESS}?service=WFS&version=2.0.0&request={name}&operation=Delete&resourceid={hydrant_id}",
            headers=reader.headers,
        )
        assert response.status_code == 403
    assert nothing_happened()


def test_a_revoked_token_is_nobodys(editor: Editor, olena: User, hydrant_id: str):
    tokens.revoke(olena, AccessToken.objects.get())
    assert editor.do(delete(hydrant_id)).status == 401
    assert nothing_happened()


def test_without_a_token_nobody_comes_in(served: Served, hydrant_id: str):
    response = Client().post(ADDRESS, "<x/>", "text/xml")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic")


def test_a_link_deletes_nothing_in_the_name_of_who_follows_it(served: Served, olena: User, hydrant_id: str):
    client = Client()
    client.force_login(olena)
    asked = {"service": "WFS", "version": "2.0.0", "request": "Transaction", "operation": "Delete"}
    response = client.get(ADDRESS, {**asked, "resourceid": hydrant_id})
    assert response.status_code == 403
    assert nothing_happened()


@pytest.mark.parametrize("where", ["cross-site", "none"])
def test_a_link_deletes_nothing_though_the_browser_knows_the_token(editor: Editor, hydrant_id: str, where: str):
    asked = f"service=WFS&version=2.0.0&request=Transaction&operation=Delete&resourceid={hydrant_id}"
    response = Client().get(f"{ADDRESS}?{asked}", headers={**editor.headers, "sec-fetch-site": where})
    assert response.status_code == 403
    assert nothing_happened()


def test_a_program_that_posts_before_it_says_who_asks_is_told_to(served: Served):
    response = Client(enforce_csrf_checks=True).post(ADDRESS, "<x/>", "text/xml")
    assert (response.status_code, response["Content-Type"]) == (401, "application/xml; charset=utf-8")
    assert response["WWW-Authenticate"].startswith("Basic")


def test_a_form_of_another_site_is_refused_in_words_of_the_protocol(served: Served, olena: User, hydrant_id: str):
    client = Client(enforce_csrf_checks=True)
    client.force_login(olena)
    response = client.post(ADDRESS, delete(hydrant_id), "text/xml")
    assert (response.status_code, b"ExceptionText" in response.content) == (403, True)
    assert nothing_happened()


def test_the_address_for_reading_changes_nothing(editor: Editor, hydrant_id: str):
    document = f'<Transaction xmlns="http://www.opengis.net/wfs/2.0" version="2.0.0">{delete(hydrant_id)}</Transaction>'
    document = (
        document.replace("<fes:", "<")
        .replace("</fes:", "</")
        .replace("<Filter>", '<Filter xmlns="http://www.opengis.net/fes/2.0">')
    )
    response = Client().post("/ows/wfs", document, "text/xml", headers=editor.headers)
    assert b"OperationNotSupported" in response.getvalue()
    assert nothing_happened()


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.REVIEWER])
def test_who_does_not_edit_finds_no_layer(served: Served, hydrant_id: str, role: str | None):
    who = Editor.of(person("other", *([role] if role else [])))
    answer = who.do(hydrant(HERE), update(hydrant_id, value("label", "x")), version="1.1.0")
    assert answer.root == "ExceptionReport"
    assert nothing_happened()


def test_the_draft_of_somebody_else_cannot_be_touched(editor: Editor, served: Served):
    (id,) = editor.do(hydrant(HERE, label="Olena's")).ids
    olga = Editor.of(person("olga", Role.EDITOR))
    assert olga.do(update(id, value("label", "Olga's"))).totals["updated"] == 0
    assert olga.do(delete(id)).totals["deleted"] == 0
    assert olga.get("GetFeature", resourceid=id).xml.get("numberReturned") == "0"
    row = editor.row("water_hydrant", uuid_of(id))
    assert row is not None
    assert row["label"] == "Olena's"


def test_a_token_is_known_as_qgis_sends_it(served: Served, olena: User):
    secret = tokens.issue(olena, "QGIS", "edit", timedelta(days=1))
    basic = base64.b64encode(f"olena:{secret}".encode()).decode()
    response = Client().get(
        ADDRESS, {"service": "WFS", "request": "GetCapabilities"}, headers={"Authorization": f"Basic {basic}"}
    )
    assert response.status_code == 200


def test_a_head_request_changes_nothing(editor: Editor, hydrant_id: str):
    asked = {"service": "WFS", "version": "2.0.0", "request": "Transaction", "operation": "Delete"}
    assert Client().head(ADDRESS, {**asked, "resourceid": hydrant_id}, headers=editor.headers).status_code == 403
    assert nothing_happened()
