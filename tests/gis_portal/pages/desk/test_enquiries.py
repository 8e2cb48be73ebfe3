"""The board and the page of an enquiry, as an adviser uses them."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gis_portal.pages.desk import replies
from registries.core.models import AuditEntry, Role, RoleGrant, User
from registries.dealings import casework, holder, states
from registries.dealings.models import Enquiry, EnquiryNote, Reason, State
from registries.dealings.uploads import Accepted
from tests.conftest import person
from tests.gis_portal.pages.desk.conftest import Desk
from tests.registries.dealings.conftest import EAST, WEST, Ask, adviser

pytestmark = pytest.mark.django_db
BOARD = "/desk/enquiries/"


def at(enquiry: Enquiry) -> str:
    return f"{BOARD}{enquiry.pk}/"


def late(enquiry: Enquiry) -> Enquiry:
    enquiry.due_at = timezone.now() - timedelta(days=1)
    enquiry.save()
    return enquiry


@pytest.fixture
def desk(iskra: User) -> Desk:
    return Desk(iskra)


def test_the_board_has_a_column_for_each_state(desk: Desk, ask: Ask) -> None:
    ask(company="Plod Ltd")
    told = desk.text(BOARD)
    assert [told.index(f'id="{state}"') for state in states.COLUMNS] == sorted(
        told.index(f'id="{state}"') for state in states.COLUMNS
    )
    assert "Plod Ltd" in told.split('id="answered"')[0]


def test_a_card_names_no_person(desk: Desk, ask: Ask) -> None:
    ask()
    told = desk.text(BOARD)
    assert "private person" in told
    assert not [word for word in ("Iva Investor", "iva@example.org") if word in told]


def test_a_full_board_asks_the_database_no_more_than_an_empty_one(desk: Desk, ask: Ask) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.text(BOARD)
        return len(queries)

    ask()
    # The first look fills what is kept of code lists and content types.
    asked()
    one = asked()
    for _more in range(4):
        ask()
    assert asked() == one


def test_what_is_overdue_stands_first_and_says_so(desk: Desk, ask: Ask) -> None:
    ask(company="Early")
    late(ask(company="Late"))
    told = desk.text(BOARD)
    assert told.index("Late") < told.index("Early")
    assert "overdue since" in told


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"Mine", "Free", "Late"}),
        ({"whose": "me"}, {"Mine"}),
        ({"whose": "nobody"}, {"Free", "Late"}),
        ({"due": "late"}, {"Late"}),
        ({"text": "mine"}, {"Mine"}),
        ({"text": "П-7"}, {"Free"}),
        ({"zone": str(WEST)}, set()),
        ({"state": "closed"}, set()),
        ({"state": "new"}, {"Mine", "Free", "Late"}),
        # What makes no sense is as if it was not there.
        ({"whose": "x", "due": "x", "zone": "x", "state": "\x00"}, {"Mine", "Free", "Late"}),
    ],
)
def test_the_board_shows_what_is_asked_for(
    desk: Desk,
    ask: Ask,
    iskra: User,
    query: dict[str, str],
    found: set[str],
) -> None:
    casework.assign(iskra, ask(company="Mine"), iskra)
    ask(company="Free", plots=[{"zone": "east", "code": "П-7", "id": None}])
    late(ask(company="Late"))
    response = desk.get(BOARD, **query)
    told = response.content.decode()
    assert response.status_code == 200
    assert {name for name in ("Mine", "Free", "Late") if f">{name}</a></h3>" in told} == found


def test_an_enquiry_is_found_by_its_number_as_people_write_it(desk: Desk, ask: Ask) -> None:
    enquiry = ask(company="Plod Ltd")
    assert "Plod Ltd" in desk.text(BOARD, text=enquiry.shown_number.lower())


def test_advisers_of_other_zones_see_nothing_of_it(ask: Ask) -> None:
    enquiry = ask([Accepted("plan.pdf", "pdf", b"%PDF-")], company="Plod Ltd")
    west = Desk(adviser("west", WEST))
    assert "Plod Ltd" not in west.text(BOARD) + west.get(f"{BOARD}export.csv").getvalue().decode()
    for path in (at(enquiry), f"{BOARD}files/{enquiry.files.get().pk}/"):
        assert west.get(path).status_code == 404


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.VIEWER])
def test_others_hear_for_whom_it_is(ask: Ask, role: str) -> None:
    enquiry = ask()
    other = Desk(person("other", role))
    for path in (BOARD, at(enquiry), f"{BOARD}export.csv"):
        assert other.get(path).status_code == 403


def test_an_adviser_is_led_to_the_own_room(desk: Desk) -> None:
    assert desk.get("/desk/").url == f"{BOARD}?lang=en"
    assert desk.get("/desk/faults/").status_code == 403
    told = desk.text(BOARD)
    assert 'href="/desk/rules/' not in told


def test_an_administrator_finds_all_rooms(ada: User) -> None:
    told = Desk(ada).text("/desk/")
    assert f'href="{BOARD}' in told
    assert 'href="/desk/rules/' in told


def test_who_saw_whom_is_noted(desk: Desk, ask: Ask, iskra: User) -> None:
    enquiry = ask()
    assert "iva@example.org" in desk.text(at(enquiry))
    entry = AuditEntry.objects.get(action="saw")
    assert (entry.actor, entry.subject, entry.details["what"]) == (iskra, enquiry.subject, casework.SHOWN)


def take(desk: Desk, enquiry: Enquiry, step: str, **typed: Any) -> Any:
    response = desk.client.post(f"{at(enquiry)}{step}/?lang=en", typed)
    enquiry.refresh_from_db()
    return response


def test_an_answer_is_sent_and_said(desk: Desk, ask: Ask) -> None:
    enquiry = ask()
    response = take(desk, enquiry, "reply", text="Come on Monday.")
    assert response.url == f"{at(enquiry)}?lang=en"
    told = desk.text(at(enquiry))
    assert "on its way to iva@example.org" in told
    assert "Come on Monday." in told
    assert enquiry.state == State.ANSWERED


def test_where_no_mail_is_sent_it_is_said(desk: Desk, ask: Ask, settings: Any) -> None:
    settings.SENDS_EMAIL = False
    enquiry = ask()
    take(desk, enquiry, "reply", text="Come on Monday.")
    assert "This portal sends no e-mail" in desk.text(at(enquiry))


@pytest.mark.parametrize("template", [key for key, _label in replies.choices()])
def test_a_template_begins_the_answer_in_the_language_of_the_investor(
    desk: Desk,
    ask: Ask,
    template: str,
) -> None:
    enquiry = ask()
    assert "Hello, Iva Investor," in desk.text(at(enquiry), template=template)


def test_a_template_that_there_is_not_begins_nothing(desk: Desk, ask: Ask) -> None:
    assert "Hello, Iva" not in desk.text(at(ask()), template="x\x00")


@pytest.mark.parametrize("step", states.MOVES)
def test_a_card_is_moved_by_a_button_and_the_board_comes_back(desk: Desk, ask: Ask, step: str) -> None:
    enquiry = ask()
    assert take(desk, enquiry, step, back="board").url == f"{BOARD}?lang=en"
    assert enquiry.state == states.TRANSITIONS[step].target


def test_it_is_assigned_closed_and_opened_again(desk: Desk, ask: Ask, iskra: User) -> None:
    enquiry = ask()
    take(desk, enquiry, "assign", assignee=str(iskra.pk))
    assert enquiry.assignee == iskra
    take(desk, enquiry, "assign", assignee="")
    assert enquiry.assignee is None
    take(desk, enquiry, "close", reason="spam")
    assert (enquiry.state, enquiry.reason) == (State.CLOSED, Reason.SPAM)
    take(desk, enquiry, "reopen")
    assert enquiry.state == State.NEW


@pytest.mark.parametrize(
    ("step", "typed", "status"),
    [
        ("reply", {"text": ""}, 400),
        ("reply", {"text": "x" * 5000}, 400),
        ("note", {"text": "\x00"}, 400),
        ("close", {"reason": "because"}, 400),
        ("reopen", {}, 409),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_stays(
    desk: Desk,
    ask: Ask,
    step: str,
    typed: dict[str, str],
    status: int,
) -> None:
    enquiry = ask()
    response = take(desk, enquiry, step, **typed)
    assert response.status_code == status
    assert 'class="refusal" role="alert"' in response.content.decode()
    assert typed.get("text", "").strip("\x00") in response.content.decode()


def test_a_note_is_kept(desk: Desk, ask: Ask) -> None:
    enquiry = ask()
    take(desk, enquiry, "note", text="Rings every day.")
    assert EnquiryNote.objects.get().text == "Rings every day."


def test_a_file_comes_as_a_download_that_no_browser_runs(desk: Desk, ask: Ask) -> None:
    enquiry = ask([Accepted("план.txt", "txt", b"<script>alert(1)</script>")])
    response = desk.get(f"{BOARD}files/{enquiry.files.get().pk}/")
    assert response.getvalue() == b"<script>alert(1)</script>"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_the_table_holds_no_formula_and_its_export_is_noted(desk: Desk, ask: Ask, iskra: User) -> None:
    enquiry = ask(company="=cmd()", message="Ж\nЗ")
    text = desk.get(f"{BOARD}export.csv").getvalue().decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["number"], row["company"], row["message"]) == (enquiry.shown_number, "'=cmd()", "Ж\nЗ")
    assert AuditEntry.objects.filter(actor=iskra, action="export", subject="dealings.enquiry").count() == 1


def test_what_is_needed_stands_beside_what_the_plots_have(
    ask: Ask,
    ada: User,
    corner: None,
) -> None:
    plot = {"zone": "east", "code": "П-1", "id": "00000000-0000-4000-8000-000000000065"}
    enquiry = ask(power_kva="1200", area_min_m2="999999", plots=[plot, {"zone": "", "code": "9", "id": None}])
    told = Desk(ada).text(at(enquiry))
    assert "1,200\u00a0kVA" in told
    assert "smaller than wanted" in told
    assert "The registry has no such plot now." in told


def test_somebody_forgotten_is_not_written_to(desk: Desk, ask: Ask) -> None:
    enquiry = ask()
    holder.forget(enquiry)
    told = desk.text(at(enquiry))
    assert "personal data were deleted" in told
    assert 'name="text" rows="9"' not in told


def test_a_role_taken_away_closes_the_board(desk: Desk, iskra: User) -> None:
    assert desk.get(BOARD).status_code == 200
    RoleGrant.objects.filter(user=iskra, zone_id=EAST).delete()
    assert desk.get(BOARD).status_code == 403


def test_a_card_that_somebody_else_moved_meanwhile_stays_there(desk: Desk, ask: Ask, iskra: User) -> None:
    enquiry = ask()
    assert 'name="seen" value="new"' in desk.text("/desk/enquiries/")
    casework.move(iskra, enquiry, "visit")
    assert take(desk, enquiry, "offer", seen="new").status_code == 409
    enquiry.refresh_from_db()
    assert enquiry.state == State.VISIT


def test_whoever_does_not_advise_there_is_refused_and_not_taken_for_nobody(desk: Desk, ask: Ask, iskra: User) -> None:
    enquiry = ask()
    casework.assign(iskra, enquiry, iskra)
    assert take(desk, enquiry, "assign", assignee=str(adviser("west", WEST).pk)).status_code == 400
    enquiry.refresh_from_db()
    assert enquiry.assignee == iskra
