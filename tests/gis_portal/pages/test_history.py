"""The history of one object: what it tells to whom, and the way back to a version."""

import json
import re
from uuid import UUID, uuid4

import pytest
from django.contrib.gis.geos import GEOSGeometry

from gis_portal.pages import history
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.models import Role, RoleGrant
from registries.networks.models import Link
from tests.conftest import Publish
from tests.flows import world

PLOT = f"/history/land.plot/{world.plot_id(1)}/"


@pytest.fixture
def changed(corner, publish: Publish) -> None:
    """The first plot was reserved, then it got another shape."""
    publish([Edit.update("land.plot", world.plot_id(1), {"status": "reserved"})])
    publish([Edit.update("land.plot", world.plot_id(1), {}, world.rectangle(40, 10, 100, 80))])


@pytest.fixture
def staff(client, boris):
    client.force_login(boris)
    return client


@pytest.fixture
def public(client, settings):
    settings.PUBLIC_HISTORY = True
    return client


def text(client, path=PLOT, **query) -> str:
    answer = client.get(path, {"lang": "en", **query})
    assert answer.status_code == 200
    return answer.content.decode()


def headings(html: str) -> list[str]:
    return re.findall(r"<h3>(.*?)</h3>", html)


def test_the_versions_stand_with_the_latest_first(staff, changed):
    assert headings(text(staff)) == ["Changed · version 3 · current", "Changed · version 2", "Added · version 1"]


def test_a_change_is_told_before_and_after_in_the_words_of_people(staff, changed):
    html = text(staff)
    assert re.search(r">Status</th><td[^>]*><del>available</del></td><td[^>]*><ins>reserved</ins>", html)


def test_a_change_of_shape_is_told_in_square_metres(staff, changed):
    html = text(staff)
    assert re.search(r">Area</th><td[^>]*><del>9,000 m²[^<]*</del></td><td[^>]*><ins>8,000 m²", html)


def test_a_length_is_told_in_metres(staff, corner, publish):
    pipe = Link.objects.get(label="В-1")
    publish([Edit.update("networks.link", pipe.pk, {}, GEOSGeometry(pipe.geom.ewkt.replace("587390", "587380")))])
    html = text(staff, f"/history/networks.link/{pipe.pk}/")
    assert re.search(r">Length</th><td[^>]*><del>380.00 m</del></td><td[^>]*><ins>370.00 m", html)


def test_staff_are_told_who_and_why(staff, changed):
    html = text(staff)
    assert "published by boris" in html
    assert "made for a test" in html
    assert re.search(r'href="/desk/changes/\d+/', html)


def test_the_public_is_not_told_who(public, changed):
    html = text(public)
    assert len(headings(html)) == 3
    for secret in ("boris", "olena", "made for a test", "/desk/changes/"):
        assert secret not in html


def test_the_public_sees_published_columns_only(public, corner, publish):
    offer = Edit.create("land.offer", {"plot": world.plot_id(4), "right": "sale", "procedure": "auctionOpen",
                                       "state": "awarded", "awarded_party": "Иван Петров"})  # fmt: skip
    publish([offer])
    html = text(public, f"/history/land.offer/{offer.object_id}/")
    assert "awarded" in html
    assert "Иван Петров" not in html


def test_the_public_sees_no_version_of_an_offer_before_it_was_published(public, corner, publish):
    columns = {
        "plot": world.plot_id(4),
        "right": "sale",
        "procedure": "auctionOpen",
        "price": "111.00",
        "state": "draft",
    }
    offer = Edit.create("land.offer", columns)
    publish([offer])
    path = f"/history/land.offer/{offer.object_id}/"
    assert public.get(path).status_code == 404
    opened = {"open_period": "[2028-01-01,2029-01-01)", "decision_document": "Решение № 13", "state": "published"}
    publish([Edit.update("land.offer", offer.object_id, {"price": "99.00", **opened})])
    html = text(public, path)
    assert len(headings(html)) == 1
    assert ">99<" in html
    assert ">111<" not in html


def test_an_asset_of_a_network_that_is_not_public_has_no_history_for_a_visitor(public, corner, boris):
    path = f"/history/networks.link/{Link.objects.get(label='Т-1').pk}/"
    assert public.get(path).status_code == 404
    public.force_login(boris)
    assert public.get(path).status_code == 200


def test_a_network_that_was_public_once_takes_its_history_with_it(public, corner, publish):
    pipe = Link.objects.get(label="В-1")
    publish([Edit.update("networks.network", pipe.network_id, {"visibility": 2})])
    assert public.get(f"/history/networks.link/{pipe.pk}/").status_code == 404


@pytest.mark.parametrize("registry", ["land.rightrestriction", "land.plotparcel", "networks.network"])
def test_a_registry_that_is_not_published_has_no_history_for_a_visitor(public, corner, publish, boris, registry):
    plot = world.plot_id(1)
    columns = {
        "land.rightrestriction": {"plot": plot, "rrr_class": "restriction", "kind": "protectionStrip"},
        "land.plotparcel": {"plot": plot, "parcel": world.parcel_id(1)},
        "networks.network": {"zone": world.ZONE, "theme": "gas", "name": "Газопровод", "visibility": 0},
    }
    made = Edit.create(registry, columns[registry])
    publish([made])
    path = f"/history/{registry}/{made.object_id}/"
    assert public.get(path).status_code == 404
    public.force_login(boris)
    assert public.get(path).status_code == 200


def test_a_later_page_of_a_long_history_tells_of_no_removal(public, corner, publish, boris, monkeypatch):
    monkeypatch.setattr(history, "PER_PAGE", 1)
    publish([Edit.update("land.plot", world.plot_id(1), {"status": "reserved"})])
    public.force_login(boris)
    html = text(public, f"/history/land.plot/{world.plot_id(1)}/", page=2)
    assert headings(html) == ["Added · version 1"]


def test_a_removal_says_who_published_it(public, corner, publish, boris):
    publish([Edit.delete("land.plot", world.plot_id(4))])
    public.force_login(boris)
    removal = text(public, f"/history/land.plot/{world.plot_id(4)}/").partition('data-action="removed"')[2]
    assert "published by boris" in removal.partition("</li>")[0]


def test_where_history_is_closed_a_visitor_is_refused(client, changed, settings):
    settings.PUBLIC_HISTORY = False
    assert client.get(PLOT).status_code == 403


def test_an_editor_of_one_zone_sees_everything_there(client, changed, stranger, settings):
    settings.PUBLIC_HISTORY = False
    RoleGrant.objects.create(user=stranger, role=Role.EDITOR, zone_id=world.ZONE)
    client.force_login(stranger)
    assert "published by boris" in text(client)


def test_an_editor_of_another_zone_sees_what_the_public_would(client, changed, stranger):
    RoleGrant.objects.create(user=stranger, role=Role.EDITOR, zone_id=uuid4())
    client.force_login(stranger)
    html = text(client)
    assert "boris" not in html
    assert "Go back" not in html


def test_what_was_removed_says_so_and_keeps_its_history(staff, changed, publish):
    publish([Edit.delete("land.plot", world.plot_id(4))])
    html = text(staff, f"/history/land.plot/{world.plot_id(4)}/")
    assert headings(html) == ["Removed · no longer in the registry", "Added · version 1"]


def test_what_came_back_is_told_as_removed_and_added(staff, changed, publish):
    publish([Edit.delete("land.plot", world.plot_id(4))])
    publish([world.plot(4, "available", world.rectangle(40, 140, 100, 90))[1]])
    html = text(staff, f"/history/land.plot/{world.plot_id(4)}/")
    assert headings(html) == ["Added · version 2 · current", "Removed", "Added · version 1"]


def test_the_map_shows_the_chosen_version_and_the_one_before(staff, changed):
    html = text(staff, version="3")
    features = json.loads(re.search(r'id="history-features"[^>]*>(.*?)</script>', html)[1])["features"]
    assert [(one["properties"]["item"], one["properties"]["side"]) for one in features] == [(3, "old"), (3, "new")]


def test_a_shape_that_stayed_is_shown_once_and_says_so(staff, changed):
    html = text(staff, version="2")
    [one] = json.loads(re.search(r'id="history-features"[^>]*>(.*?)</script>', html)[1])["features"]
    assert one["properties"]["kept"] is True


@pytest.mark.parametrize(
    "query", [{"version": "99"}, {"version": "x"}, {"version": "\x00"}, {"page": "-1"}, {"page": "x"}]
)
def test_a_version_or_page_that_is_not_there_shows_the_latest(staff, changed, query):
    assert "Version 3 on the map" in text(staff, **query)


@pytest.mark.parametrize(
    "path", [f"/history/land.plot/{UUID(int=9)}/", f"/history/nothing/{UUID(int=9)}/", "/history/land.plot/7/"]
)
def test_what_never_was_is_not_found(staff, changed, path):
    assert staff.get(path).status_code == 404


def test_a_way_leads_to_the_registry_at_that_time(staff, changed):
    links = re.findall(r'href="(/\?at=[^"]+)"', text(staff))
    assert len(links) == 3
    assert staff.get(links[-1].replace("&amp;", "&")).status_code == 200


def test_an_editor_goes_back_to_a_version_by_a_new_change_set(client, changed, olena):
    client.force_login(olena)
    assert text(client).count("Go back to version") == 2
    answer = client.post(f"{PLOT}revert", {"version": "1"})
    made = ChangeSet.objects.latest("pk")
    assert answer["Location"] == f"/desk/changes/{made.pk}/"
    assert (made.state, made.author) == ("draft", olena)
    assert made.items.get().attributes["status"] == "available"


def test_a_reviewer_sees_no_button(staff, changed):
    assert "Go back to version" not in text(staff)


def test_nobody_goes_back_by_following_a_link(client, changed, olena):
    client.force_login(olena)
    assert client.get(f"{PLOT}revert", {"version": "1"}).status_code == 405


@pytest.mark.parametrize(("version", "status"), [("", 400), ("x", 400), ("-1", 400), ("9" * 30, 400), ("99", 404)])
def test_a_wrong_version_is_told(client, changed, olena, version, status):
    client.force_login(olena)
    assert client.post(f"{PLOT}revert", {"version": version}).status_code == status


def test_who_may_not_edit_goes_back_to_nothing(client, changed, stranger):
    client.force_login(stranger)
    assert client.post(f"{PLOT}revert", {"version": "1"}).status_code == 403
    assert not ChangeSet.objects.filter(source="revert").exists()


def test_a_visitor_who_would_go_back_is_led_to_the_log_in(client, changed):
    assert client.post(f"{PLOT}revert", {"version": "1"}).status_code == 302


def test_more_versions_ask_the_database_no_more(staff, changed, publish, django_assert_max_num_queries):
    for number in range(6):
        publish([Edit.update("land.plot", world.plot_id(1), {"description": str(number)})])
    text(staff)
    with django_assert_max_num_queries(32):
        text(staff)
