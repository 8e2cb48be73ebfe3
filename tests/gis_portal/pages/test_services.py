"""Where people find what QGIS opens: on the page of services, and beside a new token."""

from __future__ import annotations

from django.test import Client

from layers.projects.sources import usual_configuration
from registries.core.models import User


def test_everybody_is_offered_the_project(client: Client, corner):
    text = client.get("/services/?lang=en").content.decode()
    assert 'href="/ows/project.qgz?lang=en"' in text
    assert "Your own project" not in text
    assert client.get("/ows/project.qgz?lang=en").status_code == 200


def test_every_layer_can_be_opened_alone(client: Client, corner):
    text = client.get("/services/?lang=bg").content.decode()
    assert 'href="/ows/layers/water_pipe.qlr?lang=bg"' in text


def test_who_is_signed_in_is_told_how_to_give_qgis_their_token(client: Client, corner, olena: User):
    client.force_login(olena)
    text = client.get("/services/?lang=en").content.decode()
    assert f'<code id="configuration">{usual_configuration("testserver")}</code>' in text
    assert "The user name is olena" in text
    assert 'href="/ows/project.qgz?public=1&amp;lang=en"' in text


def test_a_new_token_leads_to_the_project(client: Client, corner, olena: User):
    client.force_login(olena)
    made = client.post("/accounts/tokens/?lang=en", {"name": "QGIS", "scope": "edit", "days": "5"}).content.decode()
    assert 'href="/services/?lang=en#own"' in made
