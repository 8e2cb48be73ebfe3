"""The desk's first page: shelves, filters, notices, a new set; who comes in and who does not."""

import pytest

from registries.changes import door
from registries.changes.models import ChangeSet, Notice
from tests.gis_portal.pages.desk.conftest import address, place

State = ChangeSet.State


def test_whoever_is_not_signed_in_goes_to_the_log_in_and_comes_back(desk, db, settings):
    answer = desk().client.get("/desk/?list=mine")
    assert answer.status_code == 302
    assert "login" in answer["Location"]
    assert answer["Location"].endswith("next=/desk/%3Flist%3Dmine")


def test_a_form_sent_after_the_session_ended_comes_back_to_a_page_that_can_be_asked_for(desk, db):
    answer = desk().client.post("/desk/new/", {"title": "x"})
    assert answer.status_code == 302
    assert not ChangeSet.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "viewer", "superuser"])
def test_people_without_a_role_hear_whom_to_ask(desk, world, who):
    answer = desk(world.others[who]).get()
    assert answer.status_code == 403
    assert "Ask an administrator of the portal for the role of editor or reviewer." in answer.content.decode()


@pytest.mark.parametrize("who", ["editor", "zone editor", "zone reviewer", "reviewer elsewhere", "operator"])
def test_whoever_edits_or_reviews_somewhere_has_a_desk(desk, world, who):
    assert desk(world.others[who]).get().status_code == 200


@pytest.mark.parametrize(
    ("who", "sees"),
    [("zone reviewer", True), ("zone editor", True), ("reviewer elsewhere", False), ("operator", False)],
)
def test_the_lists_hold_what_somebody_may_see(desk, world, who, sees):
    world.in_state(State.SUBMITTED)
    assert ("Нов имот" in desk(world.others[who]).text(list="all")) is sees


def test_my_change_sets_lie_on_my_shelf_until_they_are_closed(desk, world):
    for state in State.values:
        change_set = world.in_state(state)
        ChangeSet.objects.filter(pk=change_set.pk).update(title=f"set {state}")
    text = desk(world.author).text(list="mine")
    shown = {state for state in State.values if f">set {state}<" in text}
    assert shown == set(State.values) - {State.PUBLISHED, State.WITHDRAWN}


@pytest.mark.parametrize(
    ("who", "waits"),
    [("reviewer", True), ("zone reviewer", True), ("author", False), ("editor", False), ("zone editor", False)],
)
def test_what_was_submitted_waits_for_those_who_may_decide(desk, world, who, waits):
    change_set = world.in_state(State.SUBMITTED)
    person = {"reviewer": world.reviewer, "author": world.author}.get(who) or world.others[who]
    assert (address(change_set) in desk(person).text(list="waiting")) is waits


def test_a_reviewers_own_submitted_set_does_not_wait_for_themselves(desk, world, almighty):
    change_set = world.in_state(State.SUBMITTED, almighty)
    assert address(change_set) not in desk(almighty).text(list="waiting")


def test_what_was_approved_waits_to_be_published(desk, world):
    change_set = world.in_state(State.APPROVED)
    assert address(change_set) in desk(world.reviewer).text(list="waiting")


def test_each_shelf_tells_how_much_lies_on_it(desk, world):
    for _number in range(8):
        world.draft()
    text = desk(world.author).text()
    assert "My change sets <b>8</b>" in text
    assert ">2 more<" in text


def test_an_empty_desk_says_what_to_do_next(desk, olena):
    text = desk(olena).text()
    assert "Edit in QGIS, import a file, or open an empty one below." in text
    assert "Nothing waits for your decision." in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "submitted"}, True),
        ({"state": "draft"}, False),
        ({"text": "имот"}, True),
        ({"text": "nothing like it"}, False),
        ({"about": "land.parcel"}, True),
        ({"about": "land.plot"}, False),
        ({"about": "theme:water"}, False),
        ({"since": "2020-01-01", "until": "2099-01-01"}, True),
        ({"since": "2099-01-01"}, False),
        ({"until": "2020-01-01"}, False),
    ],
)
def test_a_filter_leaves_what_is_like_it(desk, world, query, found):
    change_set = world.in_state(State.SUBMITTED)
    assert (address(change_set) in desk(world.reviewer).text(**query)) is found


def test_sets_are_found_by_author_zone_and_number(desk, world):
    change_set = world.in_state(State.SUBMITTED)
    reviewer = desk(world.reviewer)
    for query in ({"author": world.author.pk}, {"zone": world.zone.pk}, {"text": f"#{change_set.pk}"}):
        assert address(change_set) in reviewer.text(**query)
    assert address(change_set) not in reviewer.text(author=world.reviewer.pk)


def test_sets_are_found_by_the_theme_of_their_network(desk, world, network):
    text = desk(world.reviewer).text(about="theme:water")
    assert ">1 change set<" in text
    assert str(network.name) in desk(world.reviewer).text(address(ChangeSet.objects.latest("pk")))


@pytest.mark.parametrize(
    "query",
    [
        {"state": "x", "author": "x", "zone": "x", "about": "x", "since": "x", "until": "2026-02-31", "list": "x"},
        {"author": "9" * 40, "page": "-1"},
        {"text": "\x00"},
        {"text": "%", "page": "999"},
    ],
)
def test_nonsense_in_the_address_is_as_if_it_was_not_there(desk, olena, query):
    assert desk(olena).get(**query).status_code == 200


def test_a_filter_that_leaves_nothing_says_so(desk, olena):
    assert "Take a filter away" in desk(olena).text(text="nothing like it")


def test_pages_keep_the_filter(desk, world):
    for _number in range(26):
        world.draft()
    text = desk(world.author).text(list="mine", state="draft")
    assert 'href="?list=mine&amp;state=draft&amp;page=2&amp;lang=en"' in text
    assert desk(world.author).text(list="mine", page="2").count('scope="row"') == 1


def test_a_longer_desk_asks_the_database_no_more(desk, world, django_assert_max_num_queries):
    for _number in range(10):
        world.in_state(State.SUBMITTED)
    reviewer = desk(world.reviewer)
    reviewer.get()
    with django_assert_max_num_queries(24):
        reviewer.get()


def test_notices_are_told_until_they_are_seen(desk, world):
    world.in_state(State.SUBMITTED)
    reviewer = desk(world.reviewer)
    assert "asks for a review of “Нов имот”" in reviewer.text()
    answer = reviewer.client.post("/desk/notices/?lang=en")
    assert place(answer) == "/desk/"
    assert "asks for a review" not in reviewer.text()


def test_only_ones_own_notices_are_marked(desk, world):
    world.in_state(State.SUBMITTED)
    desk(world.author).client.post("/desk/notices/")
    assert Notice.objects.filter(person=world.reviewer, seen_at=None).exists()


def test_notices_of_one_change_set_are_marked_alone(desk, world):
    first, second = world.in_state(State.SUBMITTED), world.in_state(State.SUBMITTED)
    desk(world.reviewer).client.post("/desk/notices/", {"change_set": first.pk})
    left = set(door.notices_of(world.reviewer).values_list("change_set", flat=True))
    assert second.pk in left
    assert first.pk not in left


def test_a_new_set_opens_empty(desk, olena):
    answer = desk(olena).client.post("/desk/new/?lang=en", {"title": "Нов водопровод", "reason": "Заявка 12"})
    made = ChangeSet.objects.get()
    assert place(answer) == address(made)
    assert (made.title, made.reason, made.author, made.state) == ("Нов водопровод", "Заявка 12", olena, State.DRAFT)


def test_a_new_set_without_a_title_is_refused_and_the_reason_kept(desk, olena):
    answer = desk(olena).client.post("/desk/new/", {"title": " ", "reason": "Заявка 12"})
    assert answer.status_code == 400
    assert "Заявка 12" in answer.content.decode()
    assert not ChangeSet.objects.exists()


def test_a_new_set_needs_the_form_of_this_site(desk, olena):
    browser = desk(olena)
    browser.client.handler.enforce_csrf_checks = True
    assert browser.client.post("/desk/new/", {"title": "x"}).status_code == 403


def test_a_set_says_through_what_its_edits_came(desk, world):
    change_set = world.draft()
    ChangeSet.objects.filter(pk=change_set.pk).update(source="qgis")
    assert f"#{change_set.pk} · QGIS" in desk(world.author).text(list="mine")
