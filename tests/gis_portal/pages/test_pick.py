from urllib.parse import urlencode
from uuid import UUID

import pytest

from registries.changes.edits import Edit
from registries.core.models import AuditEntry
from registries.networks.models import Link, Network
from tests.conftest import point
from tests.flows import world
from tests.layers.test_pick import degrees


def ask(client, path: str, **parameters):
    return client.get(f"{path}?{urlencode({'lang': 'en', **parameters})}", headers={"Accept": "application/json"})


def picked(
    client, x: float, y: float, zoom: float = 18, layers: str = "zones,parcels,plots,offers,water_pipe"
) -> list[dict]:
    lng, lat = degrees(point(x, y))
    answer = ask(client, "/map/pick", lng=lng, lat=lat, zoom=zoom, layers=layers)
    assert answer.status_code == 200, answer.content
    return [feature["properties"] for feature in answer.json()["features"]]


def facts(card: dict) -> dict[str, str]:
    return {row["label"]: row["value"] for row in card["rows"]}


def test_only_layers_that_are_shown_are_picked(client, corner):
    assert [card["layer"] for card in picked(client, 90, 50, layers="plots")] == ["plots"]


def test_a_layer_that_is_not_drawn_at_this_zoom_is_not_picked(client, corner):
    assert [card["layer"] for card in picked(client, 90, 50, zoom=12)] == ["plots", "zones"]


def test_the_tolerance_is_eight_pixels_of_the_map(client, corner):
    metres = 8 * 156_543.034 * 0.7284 / 2**18
    assert "water_pipe" in [card["layer"] for card in picked(client, 300, 112 + metres - 0.1)]
    assert "water_pipe" not in [card["layer"] for card in picked(client, 300, 112 + metres + 0.1)]


def test_a_card_shows_area_in_three_units(client, corner):
    (card,) = picked(client, 90, 50, layers="plots")
    assert facts(card)["Area"] == "9,000 m² · 9.00 dka · 0.90 ha"


def test_a_card_carries_its_units(client, corner):
    assert facts(picked(client, 300, 112, layers="water_pipe")[0])["Diameter"] == "160 mm"


def test_a_plot_shows_its_status_beside_its_title(client, corner):
    (card,) = picked(client, 90, 50, layers="plots")
    assert (card["title"], card["status"]) == ("П-1", {"code": "available", "label": "available"})


def test_a_plot_brings_its_offer(client, corner):
    (card,) = picked(client, 90, 50, layers="plots")
    assert {row["name"]: row["value"] for row in card["related"][0]["rows"]}["price"] == "38.50 EUR per m²"


def test_an_offer_is_no_thing_of_its_own_to_click_on(client, corner):
    assert "offers" not in [card["layer"] for card in picked(client, 90, 50)]


def test_a_name_is_shown_in_the_language_of_the_page(client, corner):
    assert picked(client, 145, 50, layers="zones")[0]["title"] == "Industrial Zone East"


def test_coordinates_are_given_in_the_plane_and_in_degrees(client, corner):
    plane, degrees_ = picked(client, 300, 112, layers="water_pipe")[0]["coordinates"]
    assert plane["value"] == "4790112.00 587200.00"
    assert degrees_["value"].startswith("43.24")


def test_a_shared_address_opens_one_feature(client, corner):
    answer = ask(client, f"/map/feature/plots/{world.plot_id(3)}")
    assert answer.json()["properties"]["title"] == "П-3"


@pytest.mark.parametrize("path", [f"plots/{UUID(int=9)}", f"nothing/{world.plot_id(1)}", f"parcels/{world.plot_id(1)}"])
def test_what_is_not_there_is_said_with_what_to_do(client, corner, path):
    answer = ask(client, f"/map/feature/{path}")
    assert answer.status_code == 404
    assert "search for its number" in answer.json()["hint"]


def test_a_feature_of_a_network_that_is_not_public_does_not_exist_for_a_visitor(client, corner, boris):
    secret = Link.objects.get(label="Т-1").pk
    assert ask(client, f"/map/feature/water_pipe/{secret}").status_code == 404
    client.force_login(boris)
    assert ask(client, f"/map/feature/water_pipe/{secret}").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lng", ""), ("lng", "abc"), ("lng", "nan"), ("lng", "inf"), ("lng", "181"), ("lat", "-90"), ("lat", "1e400"),
        ("zoom", "25"), ("zoom", "-1"), ("zoom", "1; DROP TABLE land_plot"),
    ],
)  # fmt: skip
def test_a_number_that_is_none_is_refused_by_name(client, corner, name, value):
    answer = ask(client, "/map/pick", **{"lng": "26.57", "lat": "43.24", "zoom": "18", "layers": "plots", name: value})
    assert answer.status_code == 400
    assert answer.json()["locator"] == name


def test_unknown_layers_are_passed_over(client, corner):
    assert picked(client, 90, 50, layers="plots,gone,'; DROP TABLE land_plot; --,\x00")[0]["title"] == "П-1"


def test_suggestions_carry_what_the_list_shows(client, corner):
    first = ask(client, "/map/search", q="73626.510.1").json()["results"][0]
    assert (first["title"], first["detail"]) == (world.SPLIT_NUMBER, f"formerly {world.OLD_NUMBER}")


def test_answers_are_not_kept_by_caches(client, corner):
    control = ask(client, "/map/search", q="П-1")["Cache-Control"]
    assert "no-cache" in control
    assert "private" in control


@pytest.mark.parametrize("path", ["/map/pick", "/map/search", "/map/basemap"])
def test_questions_are_asked_by_get_only(client, db, path):
    assert client.post(path).status_code in (403, 405)


def test_a_card_says_what_the_operator_of_the_network_says(client, corner, publish):
    network = Network.objects.get(name="Водопровод Изток")
    words = {"disclaimer": "Само за ориентация.", "disclaimer_en": "For orientation only."}
    publish([Edit.update("networks.network", network.pk, words)])
    [pipe] = [card for card in picked(client, 300, 112) if card["layer"] == "water_pipe"]
    assert pipe["notice"] == "For orientation only."


@pytest.fixture
def awarded(corner, publish):
    """The second plot, with an offer that somebody won."""
    offer = {
        "plot": world.plot_id(2), "right": "sale", "procedure": "auctionOpen", "price": "38.50", "basis": "perM2",
        "open_period": "[2020-01-01,2020-07-01)", "decision_document": "Решение № 3", "state": "awarded",
        "awarded_party": "Иван Иванов",
    }  # fmt: skip
    publish([Edit.create("land.offer", offer)])
    return world.plot_id(2)


def test_who_sees_a_person_named_on_a_card_is_noted(client, awarded, olena):
    client.force_login(olena)
    for _time in range(2):
        assert "Иван Иванов" in ask(client, f"/map/feature/plots/{awarded}").text
    entry = AuditEntry.objects.get(action="saw")
    assert (entry.actor, entry.subject) == (olena, f"land.plot {awarded}")
    assert entry.details == {"what": "awarded_party"}


def test_a_card_that_names_nobody_is_noted_of_nobody(client, awarded, olena, stranger):
    for who, plot in ((stranger, awarded), (olena, world.plot_id(1))):
        client.force_login(who)
        assert "Иван Иванов" not in ask(client, f"/map/feature/plots/{plot}").text
    assert not AuditEntry.objects.filter(action="saw").exists()
