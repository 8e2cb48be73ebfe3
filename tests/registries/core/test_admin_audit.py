"""The audit's page for administrators, and what their pages note of who looked at people's data."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from registries.changes.edits import Edit
from registries.core import audit, chain
from registries.core.models import AuditEntry, User
from tests.conftest import Publish, square
from tests.registries.core.test_admin import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(ada: User) -> Client:
    """Ada's browser: an administrator who is staff."""
    User.objects.filter(pk=ada.pk).update(is_staff=True)
    client = Client(headers={"accept-language": "en"})
    client.force_login(ada)
    return client


def seen(by: User) -> list[str]:
    return list(AuditEntry.objects.filter(action="saw", actor=by).order_by("pk").values_list("subject", flat=True))


def test_the_page_says_that_the_audit_was_not_verified_yet(desk):
    assert "was not verified yet" in desk.get(page("core.auditentry")).text


def test_the_page_says_that_the_chain_is_sound_and_tells_its_head(desk, boris):
    audit.record(boris, "publish", "change_set 12")
    connection.check_constraints()
    outcome = chain.verify(lambda finding: None)
    connection.check_constraints()
    text = desk.get(page("core.auditentry")).text
    assert f"as it was written, up to position {outcome.head.position}" in text
    assert str(chain.head()) in text


def test_the_page_says_that_the_audit_was_changed(desk):
    audit.record(None, "verify", "audit", position=7, digest="0" * 64, findings=2)
    text = desk.get(page("core.auditentry")).text
    assert "is not as it was written: 2 findings" in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("action=publish", ["change_set 12"]),
        ("q=change_set+12", ["change_set 12"]),
        ("q=boris", ["change_set 12"]),
        ("at__gte=2999-01-01+00:00:00%2B00:00&at__lt=2999-01-02+00:00:00%2B00:00", []),
    ],
)
def test_entries_are_found_by_person_deed_date_and_subject(desk, boris, query, shown):
    audit.record(boris, "publish", "change_set 12", words="Добре")
    audit.record(None, "restore", "database")
    found = desk.get(f"{page('core.auditentry')}?{query}").context["cl"].result_list
    assert [entry.subject for entry in found if entry.action != "saw"] == shown


def test_entries_of_one_person_are_found(desk, ada, boris):
    audit.record(boris, "publish", "change_set 12")
    audit.record(ada, "publish", "change_set 13")
    found = desk.get(f"{page('core.auditentry')}?actor__id__exact={boris.pk}").context["cl"].result_list
    assert [entry.subject for entry in found] == ["change_set 12"]


def test_an_entry_shows_its_details_and_its_place_in_the_chain(desk, boris):
    entry = audit.record(boris, "approve", "change_set 12", words="Добре")
    connection.check_constraints()
    text = desk.get(page("core.auditentry", "change", entry.pk)).text
    assert "words: Добре" in text
    assert f"{entry.link.pk}:{bytes(entry.link.digest).hex()}" in text


def test_who_opens_the_pages_of_people_is_noted(desk, ada, stranger):
    desk.get(page("core.user"))
    desk.get(page("core.user", "change", stranger.pk))
    assert seen(ada) == ["core.user", f"core.user:{stranger.pk}"]


def test_who_reads_the_audit_is_noted(desk, ada):
    desk.get(page("core.auditentry"))
    assert seen(ada) == ["core.auditentry"]


def test_who_opens_a_right_with_its_party_is_noted_and_who_opens_a_zone_is_not(desk, ada, publish: Publish, zone):
    plot = Edit.create("land.plot", {"zone": zone.pk, "code": "П-1"}, square(0, 0))
    publish([plot])
    columns = {"plot": plot.object_id, "rrr_class": "right", "kind": "ownership", "party": "Мария Иванова"}
    right = Edit.create("land.rightrestriction", columns)
    publish([right])
    desk.get(page("land.zone", "change", zone.pk))
    assert "Мария Иванова" in desk.get(page("land.rightrestriction", "change", right.object_id)).text
    assert seen(ada) == [f"land.rightrestriction {right.object_id}"]


def test_a_page_that_was_refused_is_noted_of_nobody(client, olena, stranger):
    User.objects.filter(pk=olena.pk).update(is_staff=True)
    client.force_login(olena)
    assert client.get(page("core.user", "change", stranger.pk)).status_code == 403
    assert seen(olena) == []
