import json

from django.test import Client

from gis_portal.pages.about import offline


def told(text: str) -> dict[str, object]:
    first = text.partition("\n")[0]
    return dict(json.loads(first.removeprefix("self.PORTAL = ").removesuffix(";")))


def test_the_worker_reaches_the_whole_site_and_is_asked_for_anew_each_time(client: Client):
    response = client.get("/sw.js")
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-cache"


def test_the_worker_keeps_a_page_for_no_network_in_each_language(client: Client):
    pages = told(client.get("/sw.js").content.decode())["pages"]
    assert pages == {"bg": "/offline/?lang=bg", "en": "/offline/?lang=en"}


def test_another_worker_has_another_version(client: Client, monkeypatch):
    before = told(client.get("/sw.js").content.decode())["version"]
    monkeypatch.setattr(offline, "FILES", ["portal.css"])
    assert told(client.get("/sw.js").content.decode())["version"] != before
