import pytest

from tests.flows import world


@pytest.fixture
def ask(client, corner):
    def asked(**terms):
        return client.get("/map/results", {"lang": "en", **terms})

    return asked


def test_where_everything_matches_no_ids_are_sent(ask):
    answer = ask().json()
    assert (answer["count"], answer["only"]) == (len(world.STATUSES), None)


def test_plots_that_match_and_their_offers_are_named_by_the_ends_of_their_ids(ask):
    only = ask(status="available").json()["only"]
    assert sorted(only["plots"]) == [world.plot_id(number).hex[-8:] for number in (1, 4)]
    assert len(only["offers"]) == 1


def test_outlines_are_those_of_the_listed_plots(ask):
    shapes = ask(status="reserved").json()["shapes"]
    assert list(shapes) == [str(world.plot_id(2))]
    [[ring]] = shapes[str(world.plot_id(2))]["coordinates"]
    assert len(ring) == 5


def test_terms_come_back_in_their_canonical_form(ask):
    assert ask(area_unit="m2", sort="", status="reserved").json()["query"] == "status=reserved"


def test_what_cannot_be_read_is_told_and_changes_nothing_else(ask):
    answer = ask(area_min="many", status="reserved")
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.json()["filters"]
    assert answer.json()["query"] == "status=reserved"


def test_the_answer_is_kept_by_no_cache(ask):
    assert "private" in ask()["Cache-Control"]


def test_filters_and_list_stand_in_the_page_of_the_map(client, corner):
    html = client.get("/", {"lang": "en", "status": "reserved"}).content.decode()
    assert html.count("data-plot=") == 1
    assert 'value="reserved" checked' in html


def test_the_page_of_the_map_refuses_what_cannot_be_read_and_is_there_all_the_same(client, corner):
    page = client.get("/", {"lang": "en", "area_min": "many"})
    assert page.status_code == 400
    assert 'id="map"' in page.content.decode()
