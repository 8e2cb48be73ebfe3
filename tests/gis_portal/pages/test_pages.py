"""The pages beside the map: the list of plots, the services, and what is shown when something went wrong."""

import re

import pytest


def test_available_plots_stand_first_in_the_list(client, corner):
    text = client.get("/plots/", {"lang": "en"}).content.decode()
    assert re.findall(r'data-status="(\w+)"', text)[:3] == ["available", "available", "planned"]


def test_a_plot_of_the_list_leads_to_its_page_and_to_the_map_in_the_same_language(client, corner):
    text = client.get("/plots/", {"lang": "en"}).content.decode()
    assert re.search(r'href="/plots/%D0%9F-1/\?lang=en">П-1<', text)
    assert re.search(r'href="/\?selected=plots/[0-9a-f-]{36}&amp;lang=en">.*On the map<', text)


@pytest.mark.parametrize("page", ["", "0", "-1", "99", "x"])
def test_a_page_of_the_list_that_is_not_there_shows_the_nearest(client, corner, page):
    assert "П-1" in client.get("/plots/", {"page": page}).content.decode()


def test_an_empty_list_says_what_will_come(client, db):
    assert "No plots are published yet" in client.get("/plots/", {"lang": "en"}).content.decode()


def test_the_list_asks_the_database_no_more_for_more_plots(client, corner, django_assert_max_num_queries):
    client.get("/plots/")
    with django_assert_max_num_queries(14):
        client.get("/plots/")


def test_services_are_named_with_whole_addresses(client, corner):
    text = client.get("/services/").content.decode()
    for path in ("/ows/wfs", "/ows/wms", "/ows/wmts", "/ogc/", "/tiles/zone.json"):
        assert f">http://testserver{path}<" in text


@pytest.mark.parametrize("path", ["/ows/wfs?SERVICE=WFS&REQUEST=GetCapabilities", "/ogc/", "/tiles/zone.json"])
def test_what_the_page_names_answers(client, corner, path):
    assert client.get(path).status_code == 200


def test_layers_are_listed_with_their_names_in_the_services(client, corner):
    assert "<code>water_pipe</code>" in client.get("/services/").content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", "What you can do"), ("bg", 'lang="bg"')])
def test_a_missing_page_says_what_to_do(client, db, language, words):
    answer = client.get(f"/nowhere?lang={language}", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert words in answer.content.decode()
    assert 'href="/plots/' in answer.content.decode()


def test_services_are_closed_to_crawlers_and_pages_are_open(client, db):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /ows/" in text
    assert "Disallow: /plots" not in text


@pytest.mark.parametrize("path", ["/", "/plots/", "/services/"])
def test_every_page_names_itself_in_the_other_language(client, db, path):
    text = client.get(path).content.decode()
    assert f'hreflang="en" href="http://testserver{path}?lang=en"' in text


def test_a_language_switch_keeps_the_rest_of_the_address(client, db):
    text = client.get("/", {"map": "16/43.24000/26.57000", "lang": "bg"}).content.decode()
    assert 'href="/?map=16/43.24000/26.57000&amp;lang=en"' in text


@pytest.mark.parametrize("path", ["/", "/plots/", "/services/", "/styles/zone.json", "/tiles/zone.json"])
def test_long_texts_travel_compressed(client, corner, path):
    assert client.get(path, headers={"Accept-Encoding": "gzip"})["Content-Encoding"] == "gzip"


def test_browsers_find_an_icon_where_they_look_unbidden(client):
    assert client.get("/favicon.ico")["Location"].endswith("favicon.svg")
