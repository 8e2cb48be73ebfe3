"""The picture of a plot: in a few sizes, as everybody sees it, kept until something changes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from gis_portal.pages.plots.takeaway import SIZES, around
from registries.changes.edits import Edit
from registries.core.models import User
from registries.land.models import Plot
from tests.conftest import Publish
from tests.flows import world
from tests.gis_portal.pages.plots.papers import CODE, get

pytestmark = pytest.mark.usefixtures("corner")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path


@pytest.mark.parametrize("size", SIZES)
def test_each_size_is_as_large_as_it_says(client: Client, size: str) -> None:
    answer = get(client, "picture.png", size=size)
    assert answer["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == SIZES[size][:2]


def test_without_a_size_it_is_the_card_that_other_sites_show(client: Client) -> None:
    assert Image.open(io.BytesIO(get(client, "picture.png").content)).size == (1200, 630)


def test_another_size_is_refused(client: Client) -> None:
    assert get(client, "picture.png", size="9999").status_code == 400


def test_it_is_the_same_until_something_is_published(client: Client, publish: Publish) -> None:
    first = get(client, "picture.png")["ETag"]
    assert client.get(f"/plots/{CODE}/picture.png", headers={"if-none-match": first}).status_code == 304
    publish([Edit.update("land.plot", world.plot_id(1), {"status": "reserved"})])
    assert get(client, "picture.png")["ETag"] != first


def test_staff_get_the_picture_that_everybody_gets(client: Client, olena: User) -> None:
    public = get(client, "picture.png").content
    client.force_login(olena)
    assert get(client, "picture.png").content == public


@pytest.mark.parametrize("ratio", [0.5, 1.0, 3.0])
def test_the_whole_plot_is_in_the_middle(ratio: float) -> None:
    plot = Plot.objects.get(code=CODE)
    west, south, east, north = around(plot, ratio)
    inner = plot.geom.extent
    assert west < inner[0] < inner[2] < east
    assert south < inner[1] < inner[3] < north
    assert (east - west) / (north - south) == pytest.approx(ratio)
    assert west + east == pytest.approx(inner[0] + inner[2])
