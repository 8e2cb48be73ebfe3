"""The page of a plot: found under its code however that is written, told to machines, kept by caches."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from registries.changes.edits import Edit
from registries.core.models import User
from tests.flows import world
from tests.gis_portal.pages.plots.told_world import (  # noqa: F401
    boris,
    corner,
    olena,
    publish,
    published_corner,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
OTHER = UUID("00000000-0000-4000-8000-000000000002")


def get(path: str, **more: Any) -> HttpResponse:
    answer = Client().get(path, headers={"accept": "text/html", **more.pop("headers", {})}, **more)
    assert isinstance(answer, HttpResponse)
    return answer


def text(path: str) -> str:
    return get(path).content.decode()


def test_the_page_is_complete_without_scripts():
    page = text("/plots/П-1/?lang=en")
    for words in ("Plot П-1", "38.50", "Hemus motorway", "up to 5,400", "12 m", "invest@example.org", "A view"):
        assert words in page
    assert re.findall(r"<script(?![^>]*(?:src=|ld\+json))", page) == []


def test_the_compressed_page_is_small():
    assert len(get("/plots/П-1/", headers={"accept-encoding": "gzip"}).content) < 15_000


@pytest.mark.parametrize("written", ["P-1", "п-1", "П 1", "П-01", "p1"])
def test_a_code_as_people_write_it_leads_to_the_page(written: str):
    answer = get(f"/plots/{written}/?lang=en")
    assert (answer.status_code, answer["Location"]) == (301, "/plots/%D0%9F-1/?lang=en")


def test_the_address_and_its_translations_are_named_whole():
    page = text("/plots/П-1/?lang=en&utm=x")
    address = "http://testserver/plots/%D0%9F-1/"
    assert f'<link rel="canonical" href="{address}?lang=en">' in page
    for language, query in (("bg", "?lang=bg"), ("en", "?lang=en"), ("x-default", "")):
        assert f'<link rel="alternate" hreflang="{language}" href="{address}{query}">' in page


def test_search_engines_are_told_the_offer():
    page = text("/plots/П-1/?lang=en")
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    listing = json.loads(found)
    assert listing["@type"] == "RealEstateListing"
    assert (listing["offers"]["price"], listing["offers"]["priceCurrency"]) == ("346500.00", "EUR")
    assert listing["mainEntity"]["identifier"] == ["П-1", "73626.510.11"]


def test_no_text_of_the_registry_ends_the_script_of_search_engines():
    publish([Edit.update("land.zone", world.ZONE, {"owner": "</script><b>"})])
    assert "</script><b>" not in text("/plots/П-1/")


def test_visitors_pages_may_be_kept_and_are_asked_for_again():
    first = get("/plots/П-1/")
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert get("/plots/П-1/", headers={"if-none-match": first["ETag"]}).status_code == 304


def test_a_publication_makes_kept_pages_stale():
    tag = get("/plots/П-1/")["ETag"]
    publish([Edit.update("land.plot", world.plot_id(1), {"description": "нова"})])
    assert get("/plots/П-1/", headers={"if-none-match": tag}).status_code == 200


def test_what_staff_see_is_kept_by_nobody(olena: User):  # noqa: F811
    client = Client()
    client.force_login(olena)
    assert "private" in client.get("/plots/П-1/")["Cache-Control"]


def test_an_unknown_code_is_answered_with_its_block():
    answer = get("/plots/П-77/?lang=en")
    assert answer.status_code == 404
    assert "/plots/%D0%9F-1/?zone=east&amp;lang=en" in answer.content.decode()


def test_a_program_hears_of_an_unknown_code_in_its_own_form():
    answer = Client().get("/plots/П-77/", headers={"accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_code_of_two_zones_is_asked_about():
    second = {"code": "west", "name": "Запад"}
    shape = world.rectangle(2000, 0, 400, 240)
    publish([Edit.create("land.zone", second, shape, OTHER)])
    publish([Edit.create("land.plot", {"zone": OTHER, "code": "П-1"}, world.rectangle(2010, 10, 50, 50))])
    answer = get("/plots/П-1/?lang=en")
    assert answer.status_code == 300
    assert "/plots/%D0%9F-1/?zone=west&amp;lang=en" in answer.content.decode()
    assert get("/plots/П-1/?zone=east").status_code == 200


def test_a_withdrawn_plot_is_gone_and_leads_on():
    publish([Edit.update("land.plot", world.plot_id(4), {"status": "withdrawn"})])
    answer = get("/plots/П-4/?lang=en")
    assert answer.status_code == 410
    assert "/plots/%D0%9F-1/?zone=east&amp;lang=en" in answer.content.decode()


def test_a_retired_plot_leads_to_what_lies_there_now():
    members = [Edit.create("land.plotparcel", {"plot": world.plot_id(6), "parcel": world.parcel_id(6)}, None, uuid4())]
    publish(members)
    publish([Edit.delete("land.plotparcel", members[0].object_id), Edit.delete("land.plot", world.plot_id(6))])
    publish([Edit.create("land.plot", {"zone": world.ZONE, "code": "П-66"}, world.rectangle(260, 140, 50, 90))])
    page = get("/plots/П-6/?lang=en")
    assert page.status_code == 410
    assert "What lies there now" in page.content.decode()
    assert "/plots/%D0%9F-66/?zone=east&amp;lang=en" in page.content.decode()


def test_a_past_day_is_shown_and_kept_from_search_engines(settings: Any):
    settings.PUBLIC_HISTORY = True
    before = Client().get("/plots/П-1/?at=2020-01-01", headers={"accept": "text/html"})
    assert before.status_code == 404


def test_the_map_of_the_site_names_every_plot_in_both_languages():
    found = get("/sitemap.xml").content.decode()
    for language in ("bg", "en"):
        assert f"<loc>http://testserver/plots/%D0%9F-1/?lang={language}</loc><lastmod>" in found


def test_withdrawn_plots_are_not_on_the_map_of_the_site():
    publish([Edit.update("land.plot", world.plot_id(4), {"status": "withdrawn"})])
    assert "%D0%9F-4" not in get("/sitemap.xml").content.decode()


def test_robots_are_told_where_the_map_of_the_site_is():
    assert "Sitemap: http://testserver/sitemap.xml" in get("/robots.txt").content.decode()


def test_the_page_is_another_for_each_who_is_signed_in(olena: User, boris: User):  # noqa: F811
    """One of two who see the same may edit, the other not."""
    tags = []
    for person in (olena, boris):
        client = Client()
        client.force_login(person)
        tags.append(client.get("/plots/П-1/")["ETag"])
    assert tags[0] != tags[1]
