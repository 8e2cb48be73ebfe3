"""Every address of the portal by every kind of person: an answer, never a failure; and never a word of a draft.

Addresses come out of the table of routes, so a new page is tried from the day it exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase
from django.test import Client

from layers.maps import configuration, editions
from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeItem, ChangeSet, Comment
from registries.core.models import AuditEntry, History, Role, User
from registries.land.models import Zone
from tests.conftest import Publish, parcel, person, point, square
from tests.flows import routes
from tests.layers.tiles.decoding import tile_of

pytestmark = pytest.mark.django_db
# Stands in everything that the draft holds, in letters that every format writes as they are.
SECRET = "TAJNA-CHERNOVA"
PDF = b"%PDF-1.4\n%TAJNA-CHERNOVA\n%%EOF\n"
DAY = timedelta(days=1)


@dataclass
class Place:
    """A published parcel, a draft that changes it and adds another, and what names them in addresses."""

    draft: ChangeSet
    old: UUID
    new: UUID
    secret: str

    def pieces(self, object_id: UUID) -> dict[str, Any]:
        zoom, column, row = tile_of(point(110, 110), 16)
        item = ChangeItem.objects.get(change_set=self.draft, object_id=object_id)
        return {
            "number": self.draft.pk, "item": item.pk, "secret": self.secret, "registry": "land.parcel",
            "id": object_id, "object_id": object_id, "z": zoom, "x": column, "y": row, "tileset": "zone",
            "revision": 1, "layer": "parcels", "matrix_set": "GLOBAL_WEBMERCATOR", "matrix": zoom, "column": column,
            "row": row, "grid": "WebMercatorQuad", "style": "zone", "kind": "download", "key": "parcels",
            "code": "LAND-001", "plot": object_id, "name": "x.pdf", "pk": 1, "uidb64": "MQ", "token": "x-y",
        }  # fmt: skip


@pytest.fixture
def place(
    publish: Publish, zone: Zone, olena: User, ada: User, settings: Any, tmp_path: Path, monkeypatch: Any
) -> Place:
    settings.MEDIA_ROOT, settings.PUBLIC_HISTORY = tmp_path, True
    for module in (editions, configuration):
        monkeypatch.setattr(module, "CACHE_DIR", tmp_path)
    first = parcel("73626.501.1", square(100, 100, 20), zone.pk, label="old")
    publish([first])
    second = parcel("73626.501.2", square(130, 100, 20), zone.pk, label=SECRET, address=SECRET)
    change = Edit.update("land.parcel", first.object_id, {"label": SECRET}, square(100, 100, 25))
    draft = door.propose(olena, [change, second], title=SECRET, reason=SECRET)
    act = SimpleUploadedFile(f"{SECRET}.pdf", PDF, "application/pdf")
    door.describe(olena, draft, title=SECRET, reason=SECRET, legal_act=SECRET, legal_number=SECRET, legal_file=act)
    door.comment(olena, draft, SECRET)
    door.submit(olena, draft)
    secret = door.name_reviewer(ada, draft, SECRET, "expert@example.org", DAY)
    return Place(draft, first.object_id, second.object_id, secret)


QUERY = {
    "from": "2020-01-01",
    "to": "2999-01-01",
    # Where the draft lies.
    "lng": "26.5726",
    "lat": "43.2416",
    "zoom": "18",
    "layers": "parcels",
    "q": SECRET,
    "lang": "en",
}


def everything(place: Place) -> list[str]:
    found = {path for one in (place.old, place.new) for path in routes.addresses(place.pieces(one))}
    return sorted(found)


def body(response: HttpResponseBase) -> bytes:
    return response.getvalue()


def facts() -> list[object]:
    """What looking must never change; notes of who saw what are made by looking."""
    sets = ChangeSet.objects.order_by("pk").values_list("pk", "state", "edition", "approved_by", "title")
    deeds = AuditEntry.objects.exclude(action__in=["saw", "export"]).values_list("action", "subject")
    return [*sets, *deeds, History.objects.count(), Comment.objects.count(), ChangeItem.objects.count()]


@pytest.fixture
def people(olena: User, boris: User, ada: User, stranger: User) -> dict[str, User | None]:
    superuser = person("supa")
    superuser.is_superuser = superuser.is_staff = True
    superuser.save()
    viewer = person("vera", Role.VIEWER)
    found = {"olena": olena, "boris": boris, "ada": ada, "supa": superuser, "vera": viewer, "stranger": stranger}
    return {"iva": None, **found}


WHO = ("iva", "stranger", "vera", "olena", "boris", "ada", "supa")
# What leads away, or ends the visit.
ELSEWHERE = ("/accounts/openid", "/accounts/logout")


def browser(user: User | None) -> Client:
    client = Client(headers={"accept-language": "en"})
    if user:
        client.force_login(user)
    return client


@pytest.mark.parametrize("who", WHO)
def test_every_address_answers_everybody_and_looking_changes_nothing(place, people, who):
    before, client = facts(), browser(people[who])
    for path in everything(place):
        if path.startswith(ELSEWHERE) or place.secret in path:
            continue
        for query in ({}, QUERY):
            response = client.get(path, query)
            body(response)
            assert response.status_code < 500 or path == "/readyz", (path, response.status_code)
    assert facts() == before


@pytest.mark.parametrize("who", ["iva", "stranger", "vera"])
def test_the_desk_is_closed_to_who_neither_edits_nor_reviews(place, people, who):
    client = browser(people[who])
    for path in everything(place):
        if path.startswith("/desk/") and place.secret not in path:
            response = client.get(path)
            assert response.status_code in ((302, 403, 405) if who == "iva" else (403, 405)), path
            assert SECRET.encode() not in body(response), path
            if response.status_code == 302:
                assert response.headers["Location"].startswith("/accounts/login/"), path


@pytest.mark.parametrize("who", ["iva", "stranger", "vera"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nobody_else_writes_anywhere_at_the_desk(place, people, who, method):
    place.draft.refresh_from_db()
    # The edition is the right one: a stale one would be refused, whoever sends it.
    sent = f"edition={place.draft.edition}&words=x&text=x".encode()
    before, client = facts(), browser(people[who])
    for path in everything(place):
        if path.startswith(("/desk/", "/history/", "/compare/")):
            response = client.generic(method, path, sent, "application/x-www-form-urlencoded")
            assert response.status_code in (302, 400, 403, 404, 405, 409), (path, response.status_code)
    assert facts() == before


PUBLIC = ("iva", "stranger", "vera")
ASKED_FOR = ("typeNames=parcels", "typeNames=parcels&outputFormat=application/json")


@pytest.mark.parametrize("who", PUBLIC)
def test_no_answer_holds_a_word_of_a_draft(place, people, who):
    """By number, place, name and day: tiles, pictures, histories, comparisons, downloads."""
    client = browser(people[who])
    asked = [
        (path, query)
        for path in everything(place)
        for query in ({}, {name: v for name, v in QUERY.items() if name != "q"})
    ]
    asked += [("/plots.csv", {}), ("/map/feature/parcels/" + str(place.new), {}), ("/plots/", {"at": "2999-01-01"})]
    asked += [(f"/ows/wfs?SERVICE=WFS&REQUEST=GetFeature&{one}", {}) for one in ASKED_FOR]
    asked += [
        (f"/ogc/collections/parcels/items?datetime={when}", {}) for when in ("../..", "2999-01-01T00:00:00Z", "..")
    ]
    for path, query in asked:
        if place.secret not in path and not path.startswith(ELSEWHERE):
            said = body(client.get(path, query))
            assert SECRET.encode() not in said, (path, query)
            assert b"73626.501.2" not in said, (path, query)


@pytest.mark.parametrize("who", PUBLIC)
def test_what_is_only_proposed_is_found_nowhere(place, people, who):
    client = browser(people[who])
    for path in ("/history/land.parcel/{}/", "/map/feature/parcels/{}", "/ogc/collections/parcels/items/{}"):
        assert client.get(path.format(place.new)).status_code == 404, path
        assert client.get(path.format(place.old)).status_code == 200, path
    assert client.get("/map/search", {"q": SECRET}).json()["results"] == []


@pytest.mark.parametrize("who", ["olena", "boris", "ada"])
def test_the_same_word_is_found_by_those_who_work_on_it(place, people, who):
    """Else the tests above would find nothing anywhere."""
    client = browser(people[who])
    for path in (f"/desk/changes/{place.draft.pk}/", f"/desk/changes/{place.draft.pk}/file/", "/desk/"):
        assert SECRET.encode() in body(client.get(path)), path


def test_the_pages_of_staff_are_kept_by_no_proxy(place, people):
    client = browser(people["ada"])
    for path in everything(place):
        if path.startswith("/desk/"):
            response = client.get(path)
            body(response)
            kept = response.headers.get("Cache-Control", "")
            assert "public" not in kept, path
            assert response.status_code != 200 or "private" in kept or "no-store" in kept, (path, kept)


def test_looking_sets_no_cookie(place, people):
    """Forms that need one stand behind the log-in; a reviewer's own link is one."""
    client = browser(None)
    for path in (one for one in everything(place) if place.secret not in one):
        response = client.get(path)
        body(response)
        assert path.startswith("/accounts/") or not response.cookies, path


# An attribute that is a script or a look, and elements that hold one; what carries the answer's nonce is the site's.
INLINE = re.compile(
    rb"""<[a-z][^>]*\s(?:on[a-z]+|style)\s*=|<style|<script(?![^>]*(?:\ssrc=|\snonce=|application/(?:ld\+)?json))"""
)


@pytest.mark.parametrize("who", ["iva", "ada"])
def test_pages_hold_no_script_and_no_look_of_their_own(place, people, who):
    """Strict CSP would silently take them out."""
    client, seen = browser(people[who]), 0
    for path in everything(place):
        response = client.get(path)
        said = body(response)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            seen += 1
            assert not INLINE.search(said), (path, INLINE.search(said))
            policy = response.headers["Content-Security-Policy"]
            assert "unsafe" not in policy, path
            assert "geolocation=(self)" in response.headers["Permissions-Policy"], path
    assert seen > 20
