"""The date control: the map, the list of plots, cards and the export of another day than today."""

import json
import re
from datetime import datetime

import pytest

from registries.changes.edits import Edit
from registries.land.models import Plot
from tests.flows import world


@pytest.fixture(autouse=True)
def open_history(settings):
    settings.PUBLIC_HISTORY = True


@pytest.fixture
def day(corner, publish) -> datetime:
    """When the first plot was available; it is reserved now, the fourth is gone, and the fifth has another shape."""
    moment = publish([Edit.update("land.plot", world.plot_id(2), {"description": "=1+1"})]).published_at
    edits = [Edit.update("land.plot", world.plot_id(1), {"status": "reserved", "density_max_pct": "55.5"})]
    edits.append(Edit.update("land.plot", world.plot_id(5), {}, world.rectangle(150, 140, 90, 90)))
    publish([*edits, Edit.delete("land.plot", world.plot_id(4)), Edit.update("land.zone", world.ZONE, {"code": "e2"})])
    return moment


def ask(client, path, **query):
    return client.get(path, {"lang": "en", **query})


def statuses(client, **query):
    text = ask(client, "/plots/", **query).content.decode()
    return dict(re.findall(r">(П-\d)</a></h3><span class=\"status\" data-status=\"(\w+)\"", text))


def test_the_plot_list_of_a_past_day_is_to_the_byte_the_export_made_on_that_day(client, corner, publish):
    """The file made on the day, and the one made of it after every kind of change, are the same bytes: the table (CSV)
    whole, the features of WFS and OGC API as they stand in the page. Around these, pages name when they were made and
    asked for: `timeStamp` and the addresses in `links`.
    """
    addresses = ["/plots.csv", "/ogc/collections/plots/items", "/ows/wfs"]
    asks = [
        {},
        {"limit": "100"},
        {
            "service": "WFS",
            "version": "2.0.0",
            "request": "GetFeature",
            "typeNames": "plots",
            "outputFormat": "geojson",
        },
    ]
    made = [client.get(path, query).getvalue() for path, query in zip(addresses, asks, strict=True)]
    moment = publish([_elsewhere()]).published_at
    edits = [Edit.update("land.plot", world.plot_id(1), {"status": "reserved", "density_max_pct": "55.5"})]
    edits.append(Edit.update("land.plot", world.plot_id(5), {}, world.rectangle(150, 140, 90, 90)))
    edits.append(Edit.update("land.zone", world.ZONE, {"code": "renamed", "name": "Преименувана"}))
    publish(
        [
            *edits,
            Edit.delete("land.plot", world.plot_id(4)),
            *world.plot(9, "planned", world.rectangle(2, 130, 30, 90)),
        ]
    )
    for path, query, name, before in zip(addresses, asks, ("at", "datetime", "at"), made, strict=True):
        after = client.get(path, {**query, name: moment.isoformat()}).getvalue()
        start = 0 if path.endswith(".csv") else before.index(b'"features"')
        assert after[after.index(before[start : start + 20]) :] == before[start:]
        assert client.get(path, query).getvalue() != before
    assert made[0].count(b"\n") == 1 + len(world.STATUSES)


def test_the_list_shows_the_day(client, day):
    assert statuses(client, at=day.isoformat())["П-1"] == "available"
    assert statuses(client)["П-1"] == "reserved"
    assert "П-4" not in statuses(client)


def test_a_banner_names_the_day_and_leads_back(client, day):
    text = ask(client, "/plots/", at=day.isoformat()).content.decode()
    assert re.search(r'class="at-banner"[^>]*><strong>State of \d+ \w+ \d{4}', text)
    assert '<a href="?lang=en" data-today>' in text


def test_a_day_before_the_registry_says_when_it_begins(client, day):
    assert "the registry begins on" in ask(client, "/plots/", at="2001-01-01").content.decode()
    assert "the registry begins on" not in ask(client, "/plots/", at=day.isoformat()).content.decode()


def test_today_has_no_banner(client, day):
    assert "at-banner" not in ask(client, "/plots/").content.decode()


def test_links_of_the_list_stay_on_the_day(client, day):
    text = ask(client, "/plots/", at="2999-01-01").content.decode()
    assert "at=" not in re.findall(r'href="(/\?selected[^"]*)"', text)[0]
    text = ask(client, "/plots/", at=day.isoformat()).content.decode()
    assert "&amp;at=" in re.findall(r'href="(/\?selected[^"]*)"', text)[0]
    assert re.search(r'href="/plots.csv\?lang=en&amp;at=[^"]+"', text)


def test_before_anything_was_published_the_list_says_so(client, day):
    assert "No plots were published by that day" in ask(client, "/plots/", at="2001-01-01").content.decode()


@pytest.mark.parametrize("path", ["/", "/plots/"])
def test_the_date_field_is_there_for_whom_history_is_open(client, corner, settings, boris, path):
    assert 'type="date" name="at"' in ask(client, path).content.decode()
    settings.PUBLIC_HISTORY = False
    assert 'name="at"' not in ask(client, path).content.decode()
    client.force_login(boris)
    assert 'name="at"' in ask(client, path).content.decode()


PLACE = {"lng": "26.57", "lat": "43.24", "zoom": "18", "layers": "plots"}


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/", {}),
        ("/plots/", {}),
        ("/plots.csv", {}),
        ("/map/pick", PLACE),
        (f"/map/feature/plots/{world.plot_id(1)}", {}),
    ],
)
class TestOfAnyAddress:
    @pytest.mark.parametrize("at", ["yesterday", "2020-13-01", "2020-01-01T10:00:00", "\x00", "<script>", "9" * 3000])
    def test_a_wrong_day_is_bad_input(self, client, corner, path, query, at):
        assert ask(client, path, **query, at=at).status_code == 400

    def test_without_the_right_the_past_is_refused(self, client, corner, settings, path, query):
        settings.PUBLIC_HISTORY = False
        assert ask(client, path, **query, at="2020-01-01").status_code == 403

    def test_the_day_before_the_registry_began_is_answered(self, client, corner, path, query):
        assert ask(client, path, **query, at="2001-01-01").status_code in (200, 404)


def test_the_map_page_hands_the_day_to_its_scripts(client, day):
    text = ask(client, "/", at="2001-01-01").content.decode()
    assert 'data-at="2001-01-01"' in text
    assert 'href="/tiles/zone.json?lang=en&amp;at=2001-01-01"' in text


def test_a_card_is_of_the_day(client, day):
    card = ask(client, f"/map/feature/plots/{world.plot_id(1)}", at=day.isoformat()).json()["properties"]
    assert card["status"]["code"] == "available"
    assert "datetime=" in card["data"]
    assert card["history"] == f"/history/land.plot/{world.plot_id(1)}/"


def test_what_is_gone_has_a_card_on_its_day(client, day):
    path = f"/map/feature/plots/{world.plot_id(4)}"
    assert ask(client, path).status_code == 404
    assert ask(client, path, at=day.isoformat()).status_code == 200


def test_what_came_later_is_not_found_on_the_day_with_what_to_do(client, day):
    answer = ask(client, f"/map/feature/plots/{world.plot_id(1)}", at="2001-01-01")
    assert answer.status_code == 404
    assert "Go back to today" in answer.json()["hint"]


def test_suggestions_are_always_of_today(client, day):
    found = ask(client, "/map/search", q="П-4", at=day.isoformat()).json()["results"]
    assert "П-4" not in [one["title"] for one in found if one["layer"] == "plots"]


def test_an_export_takes_no_formula_to_a_spreadsheet(client, day):
    text = ask(client, "/plots.csv").getvalue().decode()
    assert ",'=1+1," in text


def test_an_export_names_its_columns_as_the_services_do(client, corner):
    answer = ask(client, "/plots.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.getvalue().decode().splitlines()[0].startswith("id,code,regulated_plot,zone,status,")


def test_the_list_of_a_past_day_asks_little_more_than_todays(client, day, django_assert_max_num_queries):
    ask(client, "/plots/", at=day.isoformat())
    with django_assert_max_num_queries(20):
        ask(client, "/plots/", at=day.isoformat())


def _elsewhere() -> Edit:
    """Something that no plot has to do with, published after the export to have a moment between."""
    return Edit.create("land.building", {"name": "x", "zone": world.ZONE}, world.rectangle(10, 10, 20, 20))


def test_the_picked_features_are_those_of_the_day(client, day):
    shape = Plot.objects.get(pk=world.plot_id(1)).geom.centroid
    shape.transform(4326)
    query = {"lng": shape.x, "lat": shape.y, "zoom": 18, "layers": "plots", "at": day.isoformat()}
    [found] = json.loads(ask(client, "/map/pick", **query).content)["features"]
    assert found["properties"]["status"]["code"] == "available"
