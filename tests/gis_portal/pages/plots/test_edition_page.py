"""Whether a paper still holds: said to whoever has its code, and never of a paper that the portal did not make."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.test import Client

from registries.changes.edits import Edit
from tests.conftest import Publish
from tests.flows import world
from tests.gis_portal.pages.plots.papers import CODE, paper

pytestmark = pytest.mark.usefixtures("corner")


@pytest.fixture
def address(db: None, corner: None) -> str:
    with paper() as made:
        return unquote(made.address.removeprefix("http://testserver"))


def ask(client: Client, address: str, language: str = "en") -> tuple[str, str]:
    """The verdict of the page and its text."""
    answer = client.get(address, {"lang": language})
    assert isinstance(answer, HttpResponse)
    text = answer.content.decode()
    return text.partition('data-verdict="')[2].partition('"')[0], text


def test_of_what_has_not_changed_it_says_that_it_is_current(client: Client, address: str) -> None:
    verdict, text = ask(client, address)
    assert verdict == "current"
    assert "Still current" in text


def test_it_tells_what_has_changed_from_what_to_what(client: Client, address: str, publish: Publish) -> None:
    publish([Edit.update("land.plot", world.plot_id(1), {"status": "reserved", "density_max_pct": "50"})])
    verdict, text = ask(client, address)
    assert verdict == "changed"
    row = text.partition("Building density")[2].partition("</tr>")[0]
    assert row.index("60\u00a0%") < row.index("50\u00a0%")
    assert "available" in text
    assert "reserved" in text


def test_where_history_is_closed_only_what_is_now_is_told(
    client: Client, address: str, publish: Publish, settings: Any
) -> None:
    settings.PUBLIC_HISTORY = False
    publish([Edit.update("land.plot", world.plot_id(1), {"density_max_pct": "50"})])
    verdict, text = ask(client, address)
    assert verdict == "changed"
    assert "50\u00a0%" in text
    assert "60\u00a0%" not in text


def test_a_change_of_another_plot_changes_nothing(client: Client, address: str, publish: Publish) -> None:
    publish([Edit.update("land.plot", world.plot_id(6), {"density_max_pct": "50"})])
    assert ask(client, address)[0] == "current"


def test_a_change_that_was_taken_back_leaves_it_current(client: Client, address: str, publish: Publish) -> None:
    for percent in ("50", "60"):
        publish([Edit.update("land.plot", world.plot_id(1), {"density_max_pct": percent})])
    assert ask(client, address)[0] == "current"


def test_of_a_withdrawn_plot_it_says_so(client: Client, address: str, publish: Publish) -> None:
    publish([Edit.update("land.plot", world.plot_id(1), {"status": "withdrawn"})])
    assert ask(client, address)[0] == "withdrawn"


@pytest.mark.parametrize("place", [0, 8, 20], ids=["moment", "digest", "mark"])
def test_an_altered_code_is_not_the_portals(client: Client, address: str, place: int) -> None:
    token = address.split("/")[-2]
    told = bytearray(base64.urlsafe_b64decode(token))
    told[place] ^= 1
    altered = address.replace(token, base64.urlsafe_b64encode(bytes(told)).decode())
    # An altered moment lies before the plot or in the future; with its mark lost, the same values still prove a paper.
    expected = "current" if place == 20 else "unknown"
    assert ask(client, altered)[0] == expected


def test_a_code_of_another_plot_is_not_this_plots(client: Client, address: str) -> None:
    answer = client.get(address.replace(CODE, "П-2"))
    assert answer.status_code == 404
    assert b'data-verdict="unknown"' in answer.content


@pytest.mark.parametrize("token", ["x", "A" * 31, "A" * 32, "_" * 32, "%00" * 8, "А" * 32])
def test_what_is_no_code_is_answered_as_not_issued(client: Client, token: str) -> None:
    assert client.get(f"/plots/{CODE}/editions/{token}/").status_code == 404


def test_a_paper_holds_when_the_key_was_changed_and_kept_as_a_former_one(
    client: Client, address: str, publish: Publish, settings: Any
) -> None:
    publish([Edit.update("land.plot", world.plot_id(1), {"density_max_pct": "50"})])
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    assert ask(client, address)[0] == "changed"


def test_the_page_speaks_bulgarian_too(client: Client, address: str) -> None:
    _verdict, text = ask(client, address, "bg")
    assert '<html lang="bg"' in text
    assert "noindex" in text
