"""Anything may be typed at the desk, into histories and comparisons: an answer in words, never a failure, never half.

A view that raises fails these tests: Django's test client passes its exception on.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_portal.pages.desk.fault_list import Asked
from gis_portal.pages.desk.filters import Filters
from gis_portal.pages.desk.steps import STEPS
from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.models import History, Role, User
from registries.land.models import Zone
from tests.conftest import Publish, parcel, person, square
from tests.flows.test_bad_input_everywhere import KNOWN, odd

pytestmark = pytest.mark.django_db
often = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Each parameter with a value that makes sense: alone in being wrong, the others lead as deep as a request can come.
DAYS = {"from": "2026-01-01", "to": "2026-02-01"}
SPOT = {"lng": "26.5", "lat": "43.2", "zoom": "17"}
SHOWN = {"action": "update", "registry": "land.parcel"}
QUERIES: dict[str, dict[str, str]] = {
    "/desk/": {"page": "1", **dict.fromkeys(Filters.__dataclass_fields__, "1")},
    "/desk/changes/{number}/": {"page": "1", "item": "{item}", "findings": "", **SHOWN},
    "/desk/changes/{number}/items/{item}/": SHOWN,
    "/desk/changes/{number}/findings/": SHOWN,
    "/desk/changes/{number}/diff/things": {"item": "{item}", **SPOT},
    "/desk/changes/{number}/diff/0/0/0.mvt": {"edition": "1"},
    "/desk/changes/{number}/items/{item}.svg": {"lang": "en"},
    "/desk/faults/": {"page": "1", **dict.fromkeys(Asked.__dataclass_fields__, "")},
    "/desk/faults/points.json": dict.fromkeys(Asked.__dataclass_fields__, ""),
    "/desk/faults/things": {"item": "1", **SPOT},
    "/history/land.parcel/{id}/": {"page": "1", "version": "2", "at": "2026-01-01"},
    "/compare/": {"page": "1", "registry": "land.parcel", "kind": "", "action": "added", **DAYS},
    "/compare/diff.json": DAYS,
    "/compare/diff/things": {"item": "x", **DAYS, **SPOT},
    "/compare/diff/0/0/0.mvt": {"edition": "1", **DAYS},
    "/plots/": {"at": "2026-01-01", "page": "1"},
    "/plots.csv": {"at": "2026-01-01"},
    "/map/pick": {"layers": "plots", "at": "2026-01-01", **SPOT},
    "/map/search": {"q": "73626", "at": "2026-01-01"},
    "/ows/wfs": {"SERVICE": "WFS", "REQUEST": "GetFeature", "TYPENAMES": "plots", "AT": "2026-01-01", "FILTER": ""},
    "/ogc/collections/plots/items": {"datetime": "2026-01-01/2026-02-01"},
    "/accounts/login/": {"next": "/desk/"},
}
PATHS = (
    "/desk/changes/{number}/items/{piece}/", "/desk/changes/{piece}/", "/desk/changes/{number}/diff/{piece}/0/0.mvt",
    "/desk/changes/{number}/diff/1/{piece}/0.mvt", "/desk/rules/{piece}/", "/desk/review/{piece}/",
    "/desk/faults/{piece}/0/0.mvt", "/history/{piece}/{id}/", "/history/land.parcel/{piece}/",
    "/compare/diff/{piece}/0/0.mvt", "/accounts/password/set/{piece}/x/", "/accounts/password/set/MQ/{piece}/",
    "/accounts/tokens/{piece}/revoke/",
)  # fmt: skip
FIELDS = {
    "edition": "{edition}", "seen": "2026-11-21T08:00:00+00:00", "words": "Да.", "text": "Виждам.", "item": "{item}",
    "title": "Имот", "reason": "Знаем.", "legal_act": "Решение", "legal_number": "12", "legal_date": "2026-11-21",
    "at": "2099-01-01T08:00", "code": "LAND-001", "name": "Експерт", "email": "expert@example.org", "days": "3",
    "registry": "land.parcel",
}  # fmt: skip
ADDRESSES = [
    *(f"/desk/changes/{{number}}/{step}/" for step in (*sorted(STEPS), "name_reviewer")),
    "/desk/new/", "/desk/notices/", "/desk/faults/accept/", "/desk/faults/gather/", "/desk/rules/LAND-001/",
    "/desk/rules/LAND-001/reset/", "/history/land.parcel/{id}/revert", "/accounts/tokens/",
]  # fmt: skip


@pytest.fixture
def named(publish: Publish, zone: Zone, olena: User, settings: Any) -> dict[str, Any]:
    """A submitted change of a published parcel, and what names it."""
    settings.PUBLIC_HISTORY = True
    first = parcel("73626.501.1", square(0, 0, 20), zone.pk)
    publish([first])
    one = door.propose(olena, [Edit.update("land.parcel", first.object_id, {"label": "нов"})], title="Имот")
    door.submit(olena, one)
    one.refresh_from_db()
    return {"number": one.pk, "item": one.items.get().pk, "id": first.object_id, "edition": one.edition}


@pytest.fixture
def almighty(db: None) -> Client:
    """With all rights a request comes deepest."""
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(person("almighty", Role.EDITOR, Role.REVIEWER, Role.ADMINISTRATOR))
    return client


def filled(texts: dict[str, str], named: dict[str, Any]) -> dict[str, str]:
    return {name: text.format(**named) for name, text in texts.items()}


def is_answered(response: Any) -> None:
    said = b"".join(response) if response.streaming else response.content
    assert response.status_code < 500
    assert b"Traceback" not in said
    # In JSON it is a text like any other, because no browser guesses at what an answer is.
    assert b"<script>alert" not in said or response.headers["Content-Type"].startswith("application/json")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", QUERIES)
@often
@given(st.data())
def test_no_parameter_breaks_a_page(almighty: Client, named: dict[str, Any], path: str, data: st.DataObject) -> None:
    query = filled(QUERIES[path], named)
    for name in data.draw(st.lists(st.sampled_from(sorted(query)), min_size=1, max_size=2, unique=True)):
        query[name] = data.draw(odd)
    is_answered(almighty.get(path.format(**named), query))


@pytest.mark.parametrize("path", PATHS)
def test_no_address_breaks_a_page(almighty: Client, named: dict[str, Any], path: str) -> None:
    for piece in (*(quote(text, safe="") for text in KNOWN), "%FF%FE", "%ED%A0%80"):
        is_answered(almighty.get(path.format(**{**named, "piece": piece})))


@pytest.mark.parametrize("path", ADDRESSES)
@often
@given(st.data())
def test_no_field_breaks_a_step(almighty: Client, named: dict[str, Any], path: str, data: st.DataObject) -> None:
    typed = filled(FIELDS, named)
    for name in data.draw(st.lists(st.sampled_from(sorted(typed)), min_size=1, max_size=3, unique=True)):
        typed[name] = data.draw(odd)
    is_answered(almighty.post(path.format(**named), typed))


BODIES = (b"", b"\xff\xfe=%ZZ&;;", b"item=" + b"9" * 30 + b"&item=x" * 50, b"--x\r\n\r\n")
KINDS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/xml", "")


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_body_breaks_a_step(almighty: Client, named: dict[str, Any], path: str) -> None:
    for kind in KINDS:
        for content in BODIES:
            is_answered(almighty.generic("POST", path.format(**named), content, content_type=kind))


FILES = {
    "not what it says.pdf": b"<html><script>alert(1)</script></html>",
    "run me.exe": b"MZ\x90\x00",
    "empty.pdf": b"",
    "../../escape.pdf": b"%PDF-1.4\n%%EOF\n",
    "a\x00b.pdf": b"%PDF-1.4\n%%EOF\n",
    "дълго" * 60 + ".pdf": b"%PDF-1.4\n%%EOF\n",
    "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "two.pdf.html": b"%PDF-1.4\n%%EOF\n",
}


@pytest.mark.parametrize("name", FILES)
def test_no_file_of_an_act_breaks_or_leaves_its_place(
    olena: User, named: dict[str, Any], settings: Any, tmp_path: Any, name: str
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    draft = door.propose(olena, [Edit.update("land.parcel", named["id"], {"label": "друг"})], title="Чернова")
    client = Client(headers={"accept": "text/html"})
    client.force_login(olena)
    typed = {"edition": draft.edition, "title": "Имот", "legal_file": SimpleUploadedFile(name, FILES[name])}
    answer = client.post(f"/desk/changes/{draft.pk}/describe/", typed)
    assert answer.status_code in (302, 400, 422)
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(path.is_relative_to(tmp_path / "media") and path.suffix == ".pdf" for path in kept), kept
    assert len(kept) == (answer.status_code == 302)
    if kept:
        given_out = client.get(f"/desk/changes/{draft.pk}/file/")
        assert given_out.headers["Content-Type"] == "application/octet-stream"
        assert given_out.headers["Content-Disposition"].startswith("attachment")
        given_out.close()


def test_a_refused_step_leaves_nothing_behind(almighty: Client, named: dict[str, Any]) -> None:
    """The whole table of steps with nonsense: the set, its items and the truth stay as they were."""
    before = (ChangeSet.objects.values_list().get(pk=named["number"]), History.objects.count())
    for step in (*sorted(STEPS), "name_reviewer"):
        nonsense = dict.fromkeys(FIELDS, "\x00")
        assert 400 <= almighty.post(f"/desk/changes/{named['number']}/{step}/", nonsense).status_code < 500, step
    assert (ChangeSet.objects.values_list().get(pk=named["number"]), History.objects.count()) == before
