"""Every form of a change set's page: taken, stale, forbidden, too late, and filled in badly."""

from datetime import timedelta
from pathlib import PurePath

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.formats import localize

from registries.changes import door
from registries.changes.models import ChangeSet, Comment
from registries.core.models import Waiver
from tests.gis_portal.pages.desk.conftest import address, place

State = ChangeSet.State
PDF = b"%PDF-1.4 an act"


def state_of(change_set: ChangeSet) -> str:
    change_set.refresh_from_db()
    return change_set.state


@pytest.mark.parametrize(
    ("before", "who", "step", "after"),
    [
        ("draft", "author", "submit", "submitted"),
        ("submitted", "reviewer", "approve", "approved"),
        ("submitted", "reviewer", "approve_and_publish", "published"),
        ("submitted", "reviewer", "reject", "returned"),
        ("approved", "reviewer", "publish", "published"),
        ("submitted", "author", "withdraw", "withdrawn"),
    ],
)
def test_a_step_is_taken_and_told(desk, world, before, who, step, after):
    change_set = world.in_state(before)
    browser = desk({"author": world.author, "reviewer": world.reviewer}[who])
    answer = browser.take(change_set, step, words="Проверено.")
    assert place(answer) == address(change_set)
    assert state_of(change_set) == after
    assert 'class="told"' in browser.text(address(change_set))


STEPS = [
    "submit", "approve", "approve_and_publish", "reject", "publish", "schedule", "withdraw", "describe",
    "accept_warnings", "drop_items", "resolve",
]  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_an_editor_who_is_not_the_author_takes_no_step(desk, world, step):
    change_set = world.in_state(State.SUBMITTED)
    other = desk(world.others["editor"])
    item = change_set.items.get().pk
    answer = other.take(change_set, step, words="x", reason="x", code="x", title="x", item=item, at="2099-01-01T08:00")
    assert answer.status_code in (403, 409)
    assert state_of(change_set) == State.SUBMITTED


@pytest.mark.parametrize("step", ["approve", "approve_and_publish"])
def test_the_author_never_approves_whatever_the_roles(desk, world, almighty, step):
    change_set = world.in_state(State.SUBMITTED, almighty)
    answer = desk(almighty).take(change_set, step, words="Да.")
    assert answer.status_code == 403
    assert "Nobody approves their own change set." in answer.content.decode()
    assert state_of(change_set) == State.SUBMITTED


@pytest.mark.parametrize("step", [*STEPS, "comment", "revert", "revoke_link", "name_reviewer"])
def test_a_form_needs_a_post_and_the_token_of_this_site(desk, world, step):
    change_set = world.in_state(State.SUBMITTED)
    browser = desk(world.reviewer)
    assert browser.get(f"{address(change_set)}{step}/").status_code == 405
    browser.client.handler.enforce_csrf_checks = True
    assert browser.take(change_set, step, words="x").status_code == 403
    assert state_of(change_set) == State.SUBMITTED


@pytest.mark.parametrize("step", ["approve", "approve_and_publish", "reject"])
def test_a_stale_form_says_what_happened_and_keeps_the_words(desk, world, step):
    change_set = world.in_state(State.SUBMITTED)
    opened = (change_set.edition, (timezone.now() - timedelta(minutes=1)).isoformat())
    door.reject(world.reviewer, change_set, "Не.")
    door.submit(world.author, change_set)
    answer = desk(world.reviewer).take(change_set, step, edition=opened[0], seen=opened[1], words="Дълги думи")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "changed since you opened this page" in text
    assert "olena submitted it" in text.partition('id="refusal"')[2].partition("</div>")[0]
    assert ">Дълги думи</textarea>" in text
    assert state_of(change_set) == State.SUBMITTED


@pytest.mark.parametrize("edition", ["", "x", "-1", "9" * 40])
def test_a_form_that_does_not_say_its_edition_is_refused(desk, world, edition):
    change_set = world.in_state(State.SUBMITTED)
    answer = desk(world.reviewer).take(change_set, "approve", edition=edition)
    assert answer.status_code == 400
    assert state_of(change_set) == State.SUBMITTED


@pytest.mark.parametrize("seen", ["", "x", "2026-13-45", "2026-01-01"])
def test_a_form_that_does_not_say_when_it_was_made_is_answered_all_the_same(desk, world, seen):
    change_set = world.in_state(State.SUBMITTED)
    assert desk(world.reviewer).take(change_set, "reject", seen=seen).status_code == 400


def test_publishing_twice_is_refused(desk, world):
    change_set = world.in_state(State.PUBLISHED)
    answer = desk(world.reviewer).take(change_set, "publish")
    assert answer.status_code == 409
    assert "is “published”" in answer.content.decode()


def test_a_set_is_not_returned_without_a_reason(desk, world):
    change_set = world.in_state(State.SUBMITTED)
    answer = desk(world.reviewer).take(change_set, "reject", words="  ")
    assert answer.status_code == 400
    assert "Say why you return the change set." in answer.content.decode()


def test_an_empty_set_is_not_submitted(desk, olena):
    made = door.open_change_set(olena, "Празен")
    answer = desk(olena).take(made, "submit")
    assert answer.status_code == 409
    assert "The change set is empty." in answer.content.decode()


def test_what_blocks_is_named_with_its_item(desk, olena, world):
    first, second = (door.propose(olena, [world.addition()], title=name) for name in ("Първи", "Втори"))
    blocked = first.items.get()
    second.items.update(geom=blocked.geom)
    door.submit(olena, first)
    door.approve_and_publish(world.reviewer, first, "Да.")
    answer = desk(olena).take(second, "submit")
    refusal = answer.content.decode().partition('id="refusal"')[2].partition("</div>")[0]
    assert answer.status_code == 422
    assert f'data-step="{second.items.get().pk}"' in refusal
    assert state_of(second) == State.DRAFT


def test_a_set_is_published_at_a_set_time_and_not_any_more(desk, world):
    change_set = world.in_state(State.APPROVED)
    reviewer = desk(world.reviewer)
    at = timezone.localtime(timezone.now() + timedelta(days=3)).replace(hour=8, minute=30, second=0, microsecond=0)
    reviewer.take(change_set, "schedule", at=at.strftime("%Y-%m-%dT%H:%M"))
    change_set.refresh_from_db()
    assert change_set.publish_at == at
    assert f"{at:%H:%M}" in reviewer.text(address(change_set))
    reviewer.take(change_set, "schedule", cancel="yes")
    change_set.refresh_from_db()
    assert change_set.publish_at is None


@pytest.mark.parametrize("at", ["", "tomorrow", "2020-01-01T08:00", "2026-02-31T08:00"])
def test_a_time_that_is_none_or_past_is_refused(desk, world, at):
    change_set = world.in_state(State.APPROVED)
    assert desk(world.reviewer).take(change_set, "schedule", at=at).status_code == 400


def test_the_author_describes_the_set_with_its_act(desk, world):
    change_set = world.draft()
    act = {"legal_act": "Решение", "legal_number": "214", "legal_date": "2026-09-24"}
    browser = desk(world.author)
    browser.take(change_set, "describe", title="Ново име", reason="Причина", **act)
    change_set.refresh_from_db()
    assert (change_set.title, change_set.legal_number, str(change_set.legal_date)) == ("Ново име", "214", "2026-09-24")
    assert "24 September 2026" in browser.text(address(change_set))


@pytest.mark.parametrize(
    "bad", [{"title": ""}, {"title": "x" * 201}, {"legal_date": "31.31.2026"}, {"legal_number": "9" * 61}]
)
def test_a_description_that_cannot_be_is_refused_and_kept(desk, world, bad):
    change_set = world.draft()
    answer = desk(world.author).take(change_set, "describe", **{"title": "Нов имот", "reason": "Запазена", **bad})
    assert answer.status_code == 400
    assert "Запазена" in answer.content.decode()
    change_set.refresh_from_db()
    assert (change_set.title, change_set.reason) == ("Нов имот", "")


@pytest.fixture
def with_act(desk, world, settings, tmp_path) -> ChangeSet:
    settings.MEDIA_ROOT = tmp_path
    change_set = world.draft()
    upload = SimpleUploadedFile("Решение 214.pdf", PDF, content_type="application/pdf")
    desk(world.author).take(change_set, "describe", title="Нов имот", legal_file=upload)
    change_set.refresh_from_db()
    return change_set


def test_the_file_of_the_act_is_a_download_that_no_browser_runs(desk, world, with_act):
    answer = desk(world.reviewer).get(f"{address(with_act)}file/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("who", ["stranger", "viewer", "reviewer elsewhere"])
def test_the_file_is_for_those_who_see_the_set(desk, world, with_act, who):
    assert desk(world.others[who]).get(f"{address(with_act)}file/").status_code == 403


def test_a_description_without_a_file_leaves_the_file(desk, world, with_act):
    desk(world.author).take(with_act, "describe", title="Друго име")
    with_act.refresh_from_db()
    assert (with_act.title, PurePath(with_act.legal_file.name).suffix) == ("Друго име", ".pdf")


def test_a_file_that_is_no_document_is_refused(desk, world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    change_set = world.draft()
    upload = SimpleUploadedFile("act.pdf", b"<html><script>")
    answer = desk(world.author).take(change_set, "describe", title="Нов имот", legal_file=upload)
    assert answer.status_code == 400
    assert "neither a PDF nor a PNG or JPEG" in answer.content.decode()


def test_a_set_without_a_file_has_nothing_to_download(desk, world):
    assert desk(world.author).get(f"{address(world.draft())}file/").status_code == 404


def test_comments_are_kept_on_the_set_and_on_an_item(desk, submitted, boris):
    browser = desk(boris)
    item = submitted.items.first()
    browser.take(submitted, "comment", text="За целия набор")
    answer = browser.take(submitted, "comment", text="За <b>един</b> терен", item=item.pk)
    assert f"item={item.pk}" in answer["Location"]
    assert Comment.objects.filter(item=item, author=boris).exists()
    assert "За целия набор" in browser.text(address(submitted)).partition('id="comments"')[2]
    details = browser.text(f"{address(submitted)}items/{item.pk}/")
    assert "За &lt;b&gt;един&lt;/b&gt; терен" in details


@pytest.mark.parametrize(
    ("typed", "status"), [({"text": " "}, 400), ({"text": "x" * 4001}, 400), ({"text": "x", "item": 1}, 400)]
)
def test_a_comment_that_says_nothing_or_of_nothing_is_refused(desk, submitted, boris, typed, status):
    assert desk(boris).take(submitted, "comment", **typed).status_code == status
    assert not Comment.objects.exists()


def test_warnings_are_accepted_with_a_reason_that_is_shown(desk, submitted, boris):
    browser = desk(boris)
    codes = {one.code for one in door.open_warnings(submitted)}
    assert codes
    browser.take(submitted, "accept_warnings", code=sorted(codes), reason="Измерено на място")
    assert set(Waiver.objects.filter(change_set_id=submitted.pk).values_list("code", flat=True)) == codes
    text = browser.text(address(submitted)).partition('id="findings-result"')[2]
    assert "Accepted by boris" in text
    assert "Измерено на място" in text
    assert "accept_warnings" not in text


@pytest.mark.parametrize("typed", [{"reason": "x"}, {"code": "LAND-011", "reason": " "}])
def test_warnings_are_not_accepted_without_a_choice_and_a_reason(desk, submitted, boris, typed):
    assert desk(boris).take(submitted, "accept_warnings", **typed).status_code == 400
    assert not Waiver.objects.filter(change_set_id=submitted.pk).exists()


def test_the_author_takes_items_out(desk, plots, olena):
    first, second = plots.items.all()[:2]
    desk(olena).take(plots, "drop_items", item=[first.pk, second.pk])
    assert plots.items.count() == 2


@pytest.mark.parametrize("item", ["", "x", "0"])
def test_taking_out_nothing_changes_nothing(desk, plots, olena, item):
    desk(olena).take(plots, "drop_items", item=item)
    assert plots.items.count() == 4


def test_a_published_set_is_undone_by_a_new_draft(desk, submitted, boris, olena):
    door.approve_and_publish(boris, submitted, "Да.")
    answer = desk(olena).take(submitted, "revert")
    made = ChangeSet.objects.latest("pk")
    assert place(answer) == address(made)
    assert (made.state, made.author) == (State.DRAFT, olena)
    assert made.items.count() == 4


@pytest.mark.parametrize("choice", ["published", "proposed"])
def test_the_author_settles_a_conflict_and_submits_again(desk, world, choice):
    change_set = world.in_state(State.CONFLICTED)
    browser = desk(world.author)
    text = browser.text(address(change_set))
    conflict = door.conflicts_of(change_set)[0]
    field = f"choice:{conflict.item_id}:{conflict.field}"
    assert f'name="{field}" value="proposed" checked' in text
    dispute = text.partition('class="dispute"')[2].partition("</fieldset>")[0]
    assert all(str(localize(one)) in dispute for one in (conflict.base, conflict.published, conflict.proposed))
    browser.take(change_set, "resolve", **{field: choice})
    assert not door.conflicts_of(change_set)
    assert change_set.items.filter(attributes__name__startswith="Мое").exists() is (choice == "proposed")


@pytest.mark.parametrize("choice", ["", "x", "merged"])
def test_a_conflict_without_a_choice_stays(desk, world, choice):
    change_set = world.in_state(State.CONFLICTED)
    conflict = door.conflicts_of(change_set)[0]
    answer = desk(world.author).take(change_set, "resolve", **{f"choice:{conflict.item_id}:{conflict.field}": choice})
    assert answer.status_code == 400
    assert door.conflicts_of(change_set)


def test_a_conflict_found_while_publishing_is_told_on_the_page(desk, world):
    mine, theirs = (world.rename(world.author, name) for name in ("Мое", "Чуждо"))
    for one in (theirs, mine):
        door.submit(world.author, one)
    door.approve_and_publish(world.reviewer, theirs, "Да.")
    answer = desk(world.reviewer).take(mine, "approve_and_publish", words="Да.")
    assert answer.status_code == 409
    assert "Somebody else published a change of the same fields meanwhile." in answer.content.decode()
    assert state_of(mine) == State.CONFLICTED
