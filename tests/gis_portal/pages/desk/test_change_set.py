"""The page of a change set: who sees it, what it shows, how it is stepped through without any script."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from registries.changes import door
from registries.changes.models import ChangeSet, Sight
from registries.core.models import Role
from tests.conftest import parcel, person, square
from tests.gis_portal.pages.desk.conftest import address

State = ChangeSet.State


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("who", ["author", "reviewer", "administrator", "editor", "zone reviewer", "zone editor"])
def test_staff_of_the_place_see_every_state(desk, world, state, who):
    change_set = world.in_state(state)
    assert desk(world.people(change_set)[who]).get(address(change_set)).status_code == 200


@pytest.mark.parametrize(
    "who", ["stranger", "viewer", "superuser", "operator", "reviewer elsewhere", "administrator elsewhere"]
)
@pytest.mark.parametrize("page", ["", "items/1/", "findings/", "file/", "diff.json"])
def test_others_see_nothing_of_it(desk, world, who, page):
    change_set = world.in_state(State.SUBMITTED)
    answer = desk(world.others[who]).get(address(change_set) + page)
    assert answer.status_code == 403
    assert "Нов имот" not in answer.content.decode()


def test_whoever_is_not_signed_in_logs_in_first(desk, world):
    answer = desk().get(address(world.draft()))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_a_number_that_is_not_given_yet_is_not_found(desk, olena):
    assert desk(olena).get("/desk/changes/999999/").status_code == 404


def test_the_page_notes_who_looked(desk, submitted, boris):
    desk(boris).get(address(submitted))
    assert Sight.objects.filter(change_set=submitted, person=boris).exists()
    assert "boris" in desk(submitted.author).text(address(submitted))


def test_looking_at_it_is_seeing_its_notices(desk, submitted, boris):
    assert door.notices_of(boris).filter(change_set=submitted).exists()
    desk(boris).get(address(submitted))
    assert not door.notices_of(boris).filter(change_set=submitted).exists()


def test_the_items_stand_in_the_table_with_what_becomes_of_them(desk, plots, olena):
    text = desk(olena).text(address(plots))
    table = text.partition('class="list items"')[2].partition("</table>")[0]
    rows = re.findall(r'data-action="(\w+)".*?data-step="\d+"[^>]*>([^<]+)</a>.*?<small>([^<]+)</small>', table, re.S)
    assert rows == [
        ("update", "П-1", "Plot: Shape, Status"),
        ("update", "П-2", "Plot: Status"),
        ("delete", "П-6", "Plot"),
        ("create", "73626.510.99", "Parcel"),
    ]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"action": "delete"}, ["П-6"]),
        ({"registry": "land.parcel"}, ["73626.510.99"]),
        ({"action": "update", "registry": "land.plot"}, ["П-1", "П-2"]),
        ({"action": "nonsense"}, ["П-1", "П-2", "П-6", "73626.510.99"]),
        ({"registry": "nonsense"}, []),
    ],
)
def test_the_table_shows_what_is_chosen(desk, plots, olena, query, shown):
    text = desk(olena).text(address(plots), **query)
    table = text.partition('class="list items"')[2].partition("</table>")[0]
    assert re.findall(r"data-step=[^>]+>([^<]+)</a>", table) == shown


def item_of(change_set: ChangeSet, place: int) -> int:
    return change_set.items.values_list("pk", flat=True)[place]


def test_without_a_script_the_address_chooses_the_item(desk, plots, olena):
    text = desk(olena).text(address(plots), item=item_of(plots, 1))
    assert "2 of 4" in text
    details = text.partition('id="details"')[2].partition("</article>")[0]
    assert "П-2" in details
    assert f"item={item_of(plots, 0)}&amp;lang=en#details" in details
    assert f"item={item_of(plots, 2)}&amp;lang=en#details" in details


def test_details_show_only_what_differs_side_by_side(desk, plots, olena):
    text = desk(olena).text(f"{address(plots)}items/{item_of(plots, 0)}/")
    cell = r"<td[^>]*><span[^>]*>([^<]*)</span></td>"
    rows = re.findall(rf'rowheader">([^<]+)</th>{cell}{cell}', text)
    assert rows[0] == ("Status", "available", "reserved")
    assert ("Area", "9,000 m² · 9.00 dka · 0.90 ha", "9,135 m² · 9.13 dka · 0.91 ha") in rows
    assert ("Vertices moved", "", "2 vertices") in rows
    assert "Building density, at most" in text.partition("<details")[2]


def test_the_history_of_an_object_that_was_published_is_a_step_away(desk, plots, olena):
    changed = plots.items.first()
    text = desk(olena).text(f"{address(plots)}items/{changed.pk}/")
    way = f"/history/land.plot/{changed.object_id}/?lang=en"
    assert f'href="{way}"' in text
    assert desk(olena).get(way).status_code == 200


def test_an_object_that_was_never_published_has_no_history(desk, plots, olena):
    assert "/history/" not in desk(olena).text(f"{address(plots)}items/{item_of(plots, 3)}/")


def test_a_new_object_has_no_before_and_a_removed_one_no_after(desk, plots, olena):
    browser = desk(olena)
    removed = browser.text(f"{address(plots)}items/{item_of(plots, 2)}/")
    created = browser.text(f"{address(plots)}items/{item_of(plots, 3)}/")
    assert [word in removed for word in (">Before<", ">After<")] == [True, False]
    assert [word in created for word in (">Before<", ">After<")] == [False, True]


def test_the_fragment_of_an_item_is_that_of_the_page(desk, plots, olena):
    number = item_of(plots, 0)
    browser = desk(olena)
    fragment = browser.text(f"{address(plots)}items/{number}/", action="update")
    assert fragment.lstrip().startswith("<article")
    assert "1 of 2" in fragment
    assert f"item={item_of(plots, 1)}&amp;action=update" in fragment


@pytest.mark.parametrize("item", ["0", "-1", "x", "9" * 30])
def test_an_item_that_is_not_there_leaves_the_page(desk, plots, olena, item):
    assert desk(olena).get(address(plots), item=item).status_code == 200


def test_an_item_of_another_set_is_not_shown(desk, plots, olena):
    other = door.propose(olena, [parcel("73626.510.77", square(0, 0, 10))], title="Друг")
    assert desk(olena).get(f"{address(plots)}items/{item_of(other, 0)}/").status_code == 404
    assert "no longer part of the change set" in desk(olena).text(address(plots), item=item_of(other, 0))


def test_what_was_published_shows_what_it_did_then(desk, submitted, boris, olena):
    item = item_of(submitted, 1)
    door.approve_and_publish(boris, submitted, "Да.")
    text = desk(olena).text(f"{address(submitted)}items/{item}/")
    assert '<span class="was">reserved</span>' in text
    assert '<span class="is">available</span>' in text
    gone = desk(olena).text(f"{address(submitted)}items/{item_of(submitted, 2)}/")
    assert "П-6" in gone


def test_an_empty_set_says_how_to_fill_it(desk, olena):
    made = door.open_change_set(olena, "Празен")
    assert "Edit in QGIS with this change set open, or import a file into it" in desk(olena).text(address(made))


def test_rules_are_told_with_a_link_to_the_item(desk, olena, zone):
    made = door.propose(
        olena,
        [parcel("73626.1.1", square(0, 0), zone.pk), parcel("73626.1.2", square(50, 50), zone.pk)],
        title="Застъпване",
    )
    text = desk(olena).text(address(made)).partition('id="findings-result"')[2]
    assert 'data-severity="blocks"' in text
    assert f'data-step="{item_of(made, 0)}"' in text


def test_a_set_without_a_fault_says_so(desk, world):
    change_set = world.draft()
    assert "The rules find nothing against it." in desk(world.author).text(f"{address(change_set)}findings/")


def test_others_who_change_the_same_are_named(desk, plots, olena):
    other = door.open_change_set(person("nadia", Role.EDITOR), "Чужд набор")
    item = plots.items.first()
    other.items.create(
        registry=item.registry, object_id=item.object_id, action=item.action, base_version=item.base_version
    )
    text = desk(olena).text(address(plots))
    assert "Others change the same objects" in text
    assert address(other) in text


def test_the_life_of_a_set_is_told(desk, submitted, boris):
    door.reject(boris, submitted, "Липсва акт.")
    text = desk(submitted.author).text(address(submitted)).partition('id="life"')[2]
    assert re.search(r"boris</b> returned it.*Липсва акт\..*olena</b> submitted it.*opened the change set", text, re.S)


def test_a_time_of_publication_is_told(desk, world):
    change_set = world.in_state(State.APPROVED)
    door.schedule(world.reviewer, change_set, timezone.now() + timedelta(days=2))
    assert "It will be published by itself on" in desk(world.author).text(address(change_set))


@pytest.mark.parametrize("state", State.values)
def test_buttons_are_those_that_the_door_leaves_open(desk, world, state):
    change_set = world.in_state(state)
    steps = {"submit", "approve", "approve_and_publish", "reject", "publish", "schedule", "withdraw", "revert"}
    for one in (world.author, world.reviewer, world.others["editor"]):
        text = desk(one).text(address(change_set))
        offered = {step for step in steps if f'action="{address(change_set)}{step}/' in text}
        # What is in conflict is settled first.
        settled = steps - {"submit"} if state == State.CONFLICTED else steps
        assert offered == settled & set(door.possible(one, change_set))


def test_every_form_says_which_edition_it_was_made_from(desk, submitted, boris):
    text = desk(boris).text(address(submitted))
    forms = re.findall(r"<form method=\"post\".*?</form>", text, re.S)
    assert forms
    assert all(f'name="edition" value="{submitted.edition}"' in form for form in forms)


def test_numbers_in_addresses_are_never_written_with_separators(desk, world):
    change_set = ChangeSet.objects.create(pk=123456, edition=7654, title="Голям номер", author=world.author)
    author = desk(world.author)
    text = author.text("/desk/", list="mine") + author.text(address(change_set))
    assert "/desk/changes/123456/" in text
    assert 'value="7654"' in text
    assert "123,456" not in text


def test_a_larger_set_asks_the_database_no_more(desk, world, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr("gis_portal.pages.desk.findings.AT_ONCE", 1)
    edits = [world.addition() for _number in range(120)]
    change_set = door.propose(world.author, edits, title="Голям")
    reviewer = desk(world.reviewer)
    reviewer.get(address(change_set))
    with django_assert_max_num_queries(80):
        text = reviewer.text(address(change_set))
    assert text.count("data-row=") == 50
    assert "Page 1 of 3" in text


def test_the_page_of_an_item_is_the_one_it_stands_on(desk, world):
    change_set = door.propose(world.author, [world.addition() for _number in range(60)], title="Голям")
    text = desk(world.author).text(address(change_set), item=item_of(change_set, 55))
    assert "Page 2 of 2" in text
    assert "56 of 60" in text


def test_the_rules_of_a_large_set_come_after_the_page(desk, world, monkeypatch):
    monkeypatch.setattr("gis_portal.pages.desk.findings.AT_ONCE", 1)
    change_set = door.propose(world.author, [world.addition() for _number in range(2)], title="Голям")
    author = desk(world.author)
    text = author.text(address(change_set))
    assert f'data-fragment="{address(change_set)}findings/' in text
    assert "findings-result" not in text
    assert "findings-result" in author.text(address(change_set), findings="1")
