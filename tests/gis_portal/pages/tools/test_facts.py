"""What the map's tools are told."""

from gis_portal.pages.tools import texts


def test_a_visitor_without_embedding_gets_no_code_for_it(client, db, settings):
    assert client.get("/map/tools").json()["embed"] is None
    settings.EMBED_ORIGINS = ["https://invest.example.org"]
    assert client.get("/map/tools?lang=en").json()["embed"] == {
        "path": "/embed/",
        "sites": "https://invest.example.org",
    }


def test_the_systems_are_those_of_bulgaria(client, db):
    facts = client.get("/map/tools?lang=en").json()
    assert [system["srid"] for system in facts["systems"]] == [7801, 32635, 4326]
    assert [system["isGeographic"] for system in facts["systems"]] == [False, False, True]
    assert facts["plane"] == facts["systems"][0]


def test_no_sentence_is_given_twice():
    parts = [
        texts.shared(),
        texts.measuring(),
        texts.coordinates(),
        texts.locating(),
        texts.printing(),
        texts.sharing(),
    ]
    assert len(texts.tool_texts()) == sum(len(part) for part in parts)
    assert all(texts.tool_texts().values())


def test_projections_are_loaded_from_this_site(client, db):
    assert client.get("/map/tools").json()["proj4"].startswith("/static/")
