"""Nobody decides on their own change set, whatever their roles and by whatever way; no form counts twice.

The ways are the pages, the outside reviewer's link, the published services, the administration and the console.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from gis_portal.pages.desk.steps import STEPS
from registries.changes import door, links
from registries.changes.models import ChangeSet, ReviewLink
from registries.core.errors import BadInput
from registries.core.models import AuditEntry, History, User
from tests.flows import routes
from tests.registries.changes.conftest import almighty, world  # noqa: F401 - fixtures
from tests.registries.changes.world import DAY, World
from tests.registries.core.test_admin import page as admin_page

pytestmark = pytest.mark.django_db
DECISIONS = ("approve", "approve_and_publish")
REVIEW = "/desk/review/"


def browser(person: User | None = None, *, strict: bool = False) -> Client:
    client = Client(enforce_csrf_checks=strict, headers={"accept-language": "en"})
    if person:
        client.force_login(person)
    return client


def address(change_set: ChangeSet, step: str = "") -> str:
    return f"/desk/changes/{change_set.pk}/{step}/" if step else f"/desk/changes/{change_set.pk}/"


def form(change_set: ChangeSet, **typed: object) -> dict[str, object]:
    """What the page would send."""
    change_set.refresh_from_db()
    return {"edition": change_set.edition, "seen": timezone.now().isoformat(), "words": "Да.", **typed}


def facts(change_set: ChangeSet) -> tuple[object, ...]:
    """Whatever must not have moved: the set, the audit, the published truth."""
    found = ChangeSet.objects.filter(pk=change_set.pk).values_list().get()
    deeds = AuditEntry.objects.exclude(action__in=["saw", "export"]).count()
    return (*found, deeds, History.objects.count(), ChangeSet.objects.count())


@pytest.fixture
def own(world: World, almighty: User) -> ChangeSet:  # noqa: F811
    """Submitted by somebody who holds every role there is."""
    return world.in_state("submitted", almighty)


@pytest.mark.parametrize("step", DECISIONS)
def test_no_page_lets_the_author_decide(own, almighty, step):  # noqa: F811
    before = facts(own)
    answer = browser(almighty).post(address(own, step), form(own))
    assert answer.status_code == 403
    assert "Nobody approves their own change set" in answer.text
    assert facts(own) == before


def test_the_page_offers_the_author_no_such_button(own, almighty):  # noqa: F811
    answer = browser(almighty).get(address(own))
    assert f"{address(own)}withdraw/" in answer.text
    assert not any(f"/{step}/" in answer.text for step in DECISIONS)


def test_the_author_names_no_outside_reviewer(own, almighty):  # noqa: F811
    before = facts(own)
    typed = form(own, name="Експерт", email="expert@example.org", days="1")
    assert browser(almighty).post(address(own, "name_reviewer"), typed).status_code == 403
    assert facts(own) == before
    assert not ReviewLink.objects.exists()


def test_nobody_makes_the_author_an_outside_reviewer(own, almighty, ada):  # noqa: F811
    almighty.email = "self@example.org"
    almighty.save()
    with pytest.raises(BadInput):
        door.name_reviewer(ada, own, "Самият", " SELF@example.org ", DAY)


@pytest.mark.parametrize("step", DECISIONS)
def test_a_link_that_leads_to_the_author_opens_nothing(own, almighty, ada, step):  # noqa: F811
    """As somebody could write it into the database."""
    link, secret = links.make(ada, own, "Експерт", "expert@example.org", DAY)
    ReviewLink.objects.filter(pk=link.pk).update(reviewer=almighty)
    before, client = facts(own), browser()
    assert client.get(f"{REVIEW}{secret}/").status_code == 409
    assert client.post(f"{REVIEW}{step}/", form(own)).status_code == 403
    assert facts(own) == before


@pytest.mark.parametrize("step", DECISIONS)
def test_a_link_that_the_author_made_opens_nothing(own, almighty, step):  # noqa: F811
    _link, secret = links.make(almighty, own, "Експерт", "expert@example.org", DAY)
    assert browser().get(f"{REVIEW}{secret}/").status_code == 409


@pytest.mark.parametrize("key", ["changes.changeset", "changes.changeitem"])
@pytest.mark.parametrize("kind", ["change", "delete"])
def test_the_administration_only_shows_change_sets(own, almighty, key, kind):  # noqa: F811
    before = facts(own)
    pk = own.pk if key == "changes.changeset" else own.items.get().pk
    typed = {"state": "approved", "approved_by": almighty.pk, "post": "yes"}
    assert browser(almighty).post(admin_page(key, kind, pk), typed).status_code == 403
    assert facts(own) == before


def test_the_administration_has_no_deed_for_many_change_sets(own, almighty):  # noqa: F811
    before = facts(own)
    typed = {"action": "delete_selected", "_selected_action": own.pk, "post": "yes"}
    browser(almighty).post(admin_page("changes.changeset"), typed)
    assert facts(own) == before


def test_the_console_does_not_either(world, almighty, tmp_path: Path):  # noqa: F811
    """An import that is to be published needs a second person there as everywhere."""
    ring = [[26.5, 43.25], [26.51, 43.25], [26.51, 43.26], [26.5, 43.25]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"code": "own", "name": "Своя"}, "geometry": shape}
    source = tmp_path / "zone.geojson"
    source.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    published = History.objects.count()
    with pytest.raises(CommandError, match="approves their own") as refusal:
        call_command(
            "import_features", str(source), to="zones", author="almighty", reviewer="almighty", publish=True,
        )  # fmt: skip
    assert refusal.value.returncode
    assert History.objects.count() == published


def test_the_database_itself_keeps_the_four_eyes(own):
    with pytest.raises(IntegrityError, match="changes_four_eyes"), transaction.atomic():
        ChangeSet.objects.filter(pk=own.pk).update(state="approved", approved_by=own.author_id)


def test_the_database_publishes_nothing_that_nobody_approved(own):
    with pytest.raises(IntegrityError, match="changes_published_approved"), transaction.atomic():
        ChangeSet.objects.filter(pk=own.pk).update(state="published")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_published_service_takes_a_decision_or_data(own, almighty, method):  # noqa: F811
    """Transactions come with a later issue: until then everything that looks like one is refused."""
    before, client = facts(own), browser(almighty)
    body = b'<wfs:Transaction xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0"/>'
    for path in ("/ows/wfs", "/ogc/collections/plots/items", f"/api/history/land.parcel/{own.items.get().object_id}/"):
        answer = client.generic(method, path, body, content_type="text/xml")
        assert 400 <= answer.status_code < 500
    assert facts(own) == before


@pytest.mark.parametrize("step", sorted(STEPS))
def test_looking_takes_no_step(world, step):  # noqa: F811
    """Addresses in mails, on other sites and in a browser's memory are opened by GET."""
    one = world.in_state("submitted")
    before = facts(one)
    for person in (world.author, world.reviewer, world.administrator):
        assert browser(person).get(address(one, step), form(one)).status_code == 405
    assert facts(one) == before


@pytest.mark.parametrize("step", [*sorted(STEPS), "name_reviewer"])
def test_a_form_of_another_site_takes_no_step(world, step):  # noqa: F811
    one = world.in_state("submitted")
    before = facts(one)
    for person in (world.author, world.reviewer, world.administrator):
        assert browser(person, strict=True).post(address(one, step), form(one)).status_code == 403
    assert facts(one) == before


@pytest.mark.parametrize("step", ["approve", "approve_and_publish", "reject", "comment", "accept_warnings"])
def test_a_form_of_another_site_takes_no_step_of_an_outside_reviewer(world, step):  # noqa: F811
    one = world.in_state("submitted")
    secret = door.name_reviewer(world.administrator, one, "Експерт", "expert@example.org", DAY)
    client = browser(strict=True)
    client.get(f"{REVIEW}{secret}/")
    before = facts(one)
    assert client.post(f"{REVIEW}{step}/", form(one)).status_code == 403
    assert facts(one) == before


@pytest.mark.parametrize("step", ["approve", "approve_and_publish", "reject", "withdraw"])
def test_a_stale_form_takes_no_step(world, step):  # noqa: F811
    """Somebody else changed the set after the page was opened."""
    one = world.in_state("submitted")
    person = world.author if step == "withdraw" else world.reviewer
    old = form(one)
    ChangeSet.objects.filter(pk=one.pk).update(edition=one.edition + 1)
    before = facts(one)
    answer = browser(person).post(address(one, step), old)
    assert answer.status_code == 409
    assert "changed since you opened this page" in answer.text
    assert facts(one) == before


@pytest.mark.parametrize("edition", ["", "none", "-1", "9" * 40, "1e3", "٣"])
def test_a_form_without_its_edition_takes_no_step(world, edition):  # noqa: F811
    one = world.in_state("submitted")
    before = facts(one)
    assert browser(world.reviewer).post(address(one, "approve"), form(one, edition=edition)).status_code in (400, 409)
    assert facts(one) == before


@pytest.mark.parametrize("state", ["published", "withdrawn"])
@pytest.mark.parametrize("step", sorted(set(STEPS) - {"revert", "revoke_link"}))
def test_a_closed_set_stays_as_it_is(world, state, step):  # noqa: F811
    one = world.in_state(state)
    typed = form(
        one, text="Още нещо", title="Друго", reason="Знаем.", code="LAND-001", at="2099-01-01T08:00",
        item=[item.pk for item in one.items.all()],
    )  # fmt: skip
    before = facts(one)
    for person in (world.author, world.reviewer, world.administrator):
        assert 400 <= browser(person).post(address(one, step), typed).status_code < 500
    assert facts(one) == before


def test_a_step_is_taken_once(world):  # noqa: F811
    """Twice on the same button."""
    one = world.in_state("submitted")
    sent, client = form(one), browser(world.reviewer)
    assert client.post(address(one, "approve_and_publish"), sent).status_code == 302
    before = facts(one)
    assert client.post(address(one, "approve_and_publish"), sent).status_code == 409
    assert facts(one) == before


def forged(secret: str) -> list[str]:
    head, _sep, tail = secret.rpartition(":")
    return [secret[:-1], secret + "A", f"{head}A:{tail}", f"{head}:{tail[::-1]}", "x", ":", "%00", "я" * 20, "A" * 3000]


def test_a_forged_link_opens_nothing(world):  # noqa: F811
    one = world.in_state("submitted")
    secret = door.name_reviewer(world.administrator, one, "Експерт", "expert@example.org", DAY)
    for text in forged(secret):
        client = browser()
        assert client.get(f"{REVIEW}{text}/").status_code in (400, 404), text
        assert client.get(REVIEW).status_code == 403
        assert not client.cookies


def over(world: World, one: ChangeSet, how: str) -> None:  # noqa: F811
    found = ReviewLink.objects.filter(change_set=one)
    if how == "expired":
        found.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "revoked":
        door.revoke_link(world.administrator, found.get())
    elif how == "its maker left":
        User.objects.filter(pk=world.administrator.pk).update(is_active=False)
    else:
        world.administrator.grants.all().delete()


@pytest.mark.parametrize("how", ["expired", "revoked", "its maker left", "its maker may no longer"])
def test_a_link_that_is_over_decides_nothing_also_for_who_followed_it_before(world, how):  # noqa: F811
    one = world.in_state("submitted")
    secret = door.name_reviewer(world.administrator, one, "Експерт", "expert@example.org", DAY)
    client = browser()
    assert client.get(f"{REVIEW}{secret}/", follow=True).status_code == 200
    over(world, one, how)
    before = facts(one)
    for step in DECISIONS:
        assert client.post(f"{REVIEW}{step}/", form(one)).status_code in (403, 409)
    assert facts(one) == before


def test_the_cookie_of_a_link_cannot_be_written_by_hand(world):  # noqa: F811
    one = world.in_state("submitted")
    secret = door.name_reviewer(world.administrator, one, "Експерт", "expert@example.org", DAY)
    client = browser()
    for text in (secret, f"{secret}:x:y", ""):
        client.cookies["review"] = text
        assert client.get(REVIEW).status_code == 403


def test_an_outside_reviewer_sees_the_one_set_and_nothing_else(world):  # noqa: F811
    one, other = world.in_state("submitted"), world.in_state("submitted")
    secret = door.name_reviewer(world.administrator, one, "Експерт", "expert@example.org", DAY)
    client = browser()
    assert client.get(f"{REVIEW}{secret}/", follow=True).status_code == 200
    assert client.get(f"{REVIEW}items/{other.items.get().pk}/").status_code == 404
    for change_set in (one, other):
        for path in routes.addresses({**dict.fromkeys(("z", "x", "y"), 0), **named(change_set)}, "/desk/changes/"):
            assert client.get(path).status_code in (302, 404, 405), path


def named(change_set: ChangeSet) -> dict[str, object]:
    return {"number": change_set.pk, "item": change_set.items.get().pk, "code": "LAND-001", "secret": "x"}


def test_after_the_decision_the_link_decides_nothing_more(world):  # noqa: F811
    one = world.in_state("submitted")
    secret = door.name_reviewer(world.administrator, one, "Експерт", "expert@example.org", DAY)
    client = browser()
    client.get(f"{REVIEW}{secret}/")
    assert client.post(f"{REVIEW}approve/", form(one)).status_code == 302
    before = facts(one)
    for step in (*DECISIONS, "reject"):
        assert client.post(f"{REVIEW}{step}/", form(one)).status_code in (403, 409)
    assert facts(one) == before
    one.refresh_from_db()
    assert one.approved_by.email == "expert@example.org"
