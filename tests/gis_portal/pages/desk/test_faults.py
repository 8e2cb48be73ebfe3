"""The error map: who sees which faults, filters, points, accepting a warning, gathering objects into a change set."""

import json

import pytest

from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core import faults
from registries.core.models import AuditEntry, Fault, Role, RoleGrant, User, Waiver
from registries.networks.models import Link, Network
from tests.conftest import Publish, line, parcel, person, pipe, square
from tests.gis_portal.pages.desk.conftest import place

FAULTS = "/desk/faults/"


@pytest.fixture
def found(publish: Publish, network: Network) -> Network:
    """Two crossing pipes, shallow and cut off, and a parcel whose deed says something else."""
    publish(
        [
            pipe(network, line((0, 0), (100, 0)), label="ПЕВП 110", cover_m=0.5, accuracy_m=0.1),
            pipe(network, line((50, -50), (50, 50)), label="ПЕВП 90", accuracy_m=0.1),
            parcel("73626.501.1", square(200, 200), network.zone_id, legal_area_m2=5_000),
        ]
    )
    # Boris accepted it all when he approved; here it is as it was taken over from elsewhere.
    Waiver.objects.all().delete()
    for _one in faults.examine():
        pass
    return network


def one(code: str) -> Fault:
    return Fault.objects.filter(code=code).order_by("pk")[0]


def granted(name: str, role: Role, **where: object) -> User:
    user = person(name)
    RoleGrant.objects.create(user=user, role=role, **where)
    return user


def test_a_fault_is_told_with_object_place_and_remedy(desk, boris, found):
    text = desk(boris).text(FAULTS, rule="NET-018")
    assert "ПЕВП 110" in text
    assert "The cover is 0.5 m; the norm for this network is 1.2 m." in text
    assert f"/history/networks.link/{one('NET-018').object_id}/" in text
    assert "E 587050.00, N 4790000.00" in text


def test_numbers_in_forms_are_never_written_with_separators(desk, boris, found):
    Fault.objects.filter(pk=one("NET-018").pk).update(id=1_234_567)
    text = desk(boris).text(FAULTS, rule="NET-018")
    assert all(f'{name}="1234567"' in text for name in ("data-fault", "value", "data-show"))


def test_an_object_without_a_label_is_called_by_its_kind_once(desk, boris, found, publish):
    nameless = pipe(found, line((0, 300), (50, 300)), accuracy_m=0.1)
    publish([nameless])
    Waiver.objects.all().delete()
    list(faults.examine())
    assert f">water_pipe · {str(nameless.object_id)[:8]}</a>" in desk(boris).text(FAULTS)


def test_the_page_speaks_bulgarian_numbers(desk, boris, found):
    assert "0,5 m" in desk(boris).text(FAULTS, rule="NET-018", lang="bg")


@pytest.mark.parametrize(
    ("role", "where", "sees"),
    [
        (Role.EDITOR, "zone", True),
        (Role.REVIEWER, "zone", True),
        (Role.ADMINISTRATOR, "zone", True),
        (Role.EDITOR, "elsewhere", False),
        (Role.OPERATOR, "network", True),
    ],
)
def test_faults_are_seen_where_one_sees_what_is_internal(desk, found, role, where, sees):
    places = {
        "zone": {"zone_id": found.zone_id},
        "elsewhere": {"zone_id": found.pk},
        "network": {"network_id": found.pk},
    }
    text = desk(granted("iva", role, **places[where])).text(FAULTS)
    assert ("NET-018" in text) is sees


def test_an_operator_sees_nothing_of_the_land(desk, found):
    iva = granted("iva", Role.OPERATOR, network_id=found.pk)
    assert "LAND-010" not in desk(iva).text(FAULTS)


@pytest.mark.parametrize("path", ["", "points.json", "things?item=1", "14/9400/6000.mvt"])
def test_who_is_no_staff_sees_nothing(desk, stranger, found, path):
    assert desk().client.get(FAULTS + path).status_code == 302
    assert desk(stranger).client.get(FAULTS + path).status_code == 403


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"rule": "NET-018"}, ["NET-018"]),
        ({"severity": "blocks"}, []),
        ({"about": "land.parcel"}, ["LAND-010"]),
        ({"about": "theme:water"}, ["NET-010", "NET-012", "NET-013", "NET-018"]),
        ({"about": "theme:gas"}, []),
        ({"text": "певп 110"}, ["NET-010", "NET-012", "NET-013", "NET-018"]),
        ({"text": "73626.501.1"}, ["LAND-010"]),
        ({"text": "cover"}, ["NET-018"]),
        ({"accepted": "accepted"}, []),
        ({"zone": "00000000-0000-0000-0000-000000000001"}, []),
    ],
    ids=str,
)
def test_filters(desk, boris, found, query, codes):
    response = desk(boris).get(FAULTS, **query)
    assert {told.fault.code for told in response.context["told"]} <= set(codes)
    assert bool(response.context["told"]) is bool(codes)


@pytest.mark.parametrize(
    "query", [{"zone": "x"}, {"rule": "'"}, {"page": "99999"}, {"text": "\x00"}, {"about": "theme:"}]
)
def test_nonsense_in_the_address_is_as_if_it_was_not_there(desk, boris, found, query):
    response = desk(boris).get(FAULTS, **query)
    assert response.status_code == 200
    assert response.context["told"]


def test_rules_are_counted_within_the_filter(desk, boris, found):
    response = desk(boris).get(FAULTS, about="theme:water", rule="NET-018")
    counts = {code: count for code, _severity, _words, count in response.context["rules"]}
    assert counts["NET-010"] == 4
    assert counts["NET-018"] == 1
    assert "LAND-010" not in counts


def test_the_points_say_how_many_and_where(desk, boris, found):
    answer = json.loads(desk(boris).text(FAULTS + "points.json", rule="NET-018"))
    assert answer["counts"]["warns"] == 1
    assert answer["unplaced"] == 0
    west, south, east, north = answer["bounds"]
    assert west == pytest.approx(east)
    assert 43 < south <= north < 44
    assert "rule=NET-018" in answer["tiles"]


def test_a_point_is_found_by_its_number(desk, boris, found):
    fault = one("NET-018")
    answer = json.loads(desk(boris).text(FAULTS + "things", item=fault.pk))
    [feature] = answer["features"]
    assert feature["properties"]["action"] == "warns"
    assert feature["properties"]["title"].startswith("NET-018")
    assert feature["geometry"]["type"] == "Point"


def test_a_point_that_one_may_not_see_is_not_found(desk, found):
    elsewhere = granted("iva", Role.EDITOR, zone_id=found.pk)
    assert json.loads(desk(elsewhere).text(FAULTS + "things", item=one("NET-018").pk))["features"] == []


def test_tiles_hold_the_points(desk, boris, found):
    fault = one("NET-018")
    place = fault.geom.transform(3857, clone=True)
    size = 40_075_016.685578488 / 2**14
    x, y = int((place.x + 20_037_508.342789244) // size), int((20_037_508.342789244 - place.y) // size)
    response = desk(boris).get(f"{FAULTS}14/{x}/{y}.mvt")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert desk(boris).get(f"{FAULTS}14/0/0.mvt").status_code == 204


def test_a_reviewer_accepts_a_warning_with_a_reason(desk, boris, found):
    fault = one("NET-018")
    response = desk(boris).client.post(
        FAULTS + "accept/", {"fault": fault.pk, "reason": "In a casing.", "rule": "NET-018"}
    )
    assert response.status_code == 302
    waiver = Waiver.objects.get(change_set_id=None)
    assert (waiver.code, waiver.object_id, waiver.accepted_by) == ("NET-018", fault.object_id, boris)
    assert AuditEntry.objects.filter(action="accept warnings", actor=boris).exists()
    assert "In a casing." in desk(boris).text(FAULTS, accepted="accepted")
    assert "The cover is" not in desk(boris).text(FAULTS, rule="NET-018")


def test_accepting_needs_a_reason_and_keeps_the_page(desk, boris, found):
    response = desk(boris).client.post(FAULTS + "accept/?lang=en", {"fault": one("NET-018").pk, "reason": " "})
    assert response.status_code == 400
    assert "Say why you accept the warnings." in response.content.decode()
    assert not Waiver.objects.filter(change_set_id=None).exists()


def test_accepting_nothing_is_refused(desk, boris, found):
    response = desk(boris).client.post(FAULTS + "accept/?lang=en", {"reason": "x"})
    assert response.status_code == 400
    assert "No warning is ticked." in response.content.decode()


def test_a_list_that_a_run_has_renewed_is_stale(desk, boris, found):
    before = one("NET-018").pk
    for _one in faults.examine():
        pass
    response = desk(boris).client.post(FAULTS + "accept/?lang=en", {"fault": before, "reason": "x"})
    assert response.status_code == 409
    assert not Waiver.objects.filter(change_set_id=None).exists()


def test_an_editor_accepts_nothing_in_the_published_data(desk, olena, found):
    response = desk(olena).client.post(FAULTS + "accept/?lang=en", {"fault": one("NET-018").pk, "reason": "x"})
    assert response.status_code == 403
    assert not Waiver.objects.filter(change_set_id=None).exists()
    assert 'name="fault"' not in desk(olena).text(FAULTS)


def test_an_error_is_never_accepted(desk, boris, found):
    fault = one("NET-018")
    Fault.objects.filter(pk=fault.pk).update(severity="blocks")
    response = desk(boris).client.post(FAULTS + "accept/", {"fault": fault.pk, "reason": "x"})
    assert response.status_code == 403


def test_what_one_may_not_see_one_cannot_accept(desk, found):
    elsewhere = granted("iva", Role.REVIEWER, zone_id=found.pk)
    response = desk(elsewhere).client.post(FAULTS + "accept/", {"fault": one("NET-018").pk, "reason": "x"})
    assert response.status_code == 409
    assert not Waiver.objects.filter(change_set_id=None).exists()


def gathered(response) -> ChangeSet:
    assert response.status_code == 302
    return ChangeSet.objects.get(pk=int(place(response).rstrip("/").rsplit("/", 1)[1]))


def test_the_objects_of_the_filter_become_a_change_set(desk, olena, found):
    change_set = gathered(desk(olena).client.post(FAULTS + "gather/?lang=en", {"rule": "NET-018"}))
    item = change_set.items.get()
    assert (item.object_id, item.attributes, item.has_geom) == (one("NET-018").object_id, {}, False)
    assert change_set.author == olena
    assert change_set.title.startswith("Corrections: NET-018. The cover is")


def test_an_object_with_several_faults_comes_once(desk, olena, found):
    change_set = gathered(desk(olena).client.post(FAULTS + "gather/", {"about": "theme:water"}))
    assert change_set.items.count() == 2


def test_what_was_left_as_it_is_is_not_submitted(desk, olena, found):
    change_set = gathered(desk(olena).client.post(FAULTS + "gather/", {"about": "theme:water"}))
    deeper = Edit.update("networks.link", Link.objects.get(label="ПЕВП 110").pk, {"cover_m": 1.5})
    door.propose(olena, [deeper], change_set=change_set)
    door.submit(olena, change_set)
    assert [item.attributes for item in change_set.items.all()] == [{"cover_m": 1.5}]


def test_a_gathered_set_that_was_left_as_it_is_is_empty(desk, olena, found):
    change_set = gathered(desk(olena).client.post(FAULTS + "gather/", {"rule": "NET-018"}))
    with pytest.raises(door.EmptyChangeSet):
        door.submit(olena, change_set)


def test_gathering_more_than_one_can_correct_is_refused(desk, olena, found, monkeypatch):
    monkeypatch.setattr("gis_portal.pages.desk.faults.MOST", 1)
    response = desk(olena).client.post(FAULTS + "gather/?lang=en", {"about": "theme:water"})
    assert response.status_code == 400
    assert "takes at most 1 objects" in response.content.decode()
    assert not ChangeSet.objects.filter(source="faults").exists()


def test_gathering_nothing_is_refused(desk, olena, found):
    assert desk(olena).client.post(FAULTS + "gather/", {"about": "theme:gas"}).status_code == 400


def test_a_reviewer_without_the_right_to_edit_gathers_nothing(desk, boris, found):
    response = desk(boris).client.post(FAULTS + "gather/", {"rule": "NET-018"})
    assert response.status_code == 403
    assert not ChangeSet.objects.filter(source="faults").exists()


def test_objects_that_are_gone_are_left_out(desk, olena, publish, found):
    gone = Link.objects.get(label="ПЕВП 110").pk
    publish([Edit.delete("networks.link", gone)])
    assert "no longer there" in desk(olena).text(FAULTS, rule="NET-018")
    assert desk(olena).client.post(FAULTS + "gather/", {"rule": "NET-018"}).status_code == 409
    change_set = gathered(desk(olena).client.post(FAULTS + "gather/"))
    assert gone not in {item.object_id for item in change_set.items.all()}
    assert change_set.items.count() == 2


@pytest.mark.parametrize("path", ["accept/", "gather/"])
def test_changes_are_posts(desk, olena, found, path):
    assert desk(olena).get(FAULTS + path).status_code == 405


def test_before_the_first_run_the_page_says_what_to_do(desk, olena):
    assert "manage.py check_rules" in desk(olena).text(FAULTS)
