"""A plot's sheet on paper: the same facts as its page, with a map true to scale, and a code that leads to whether they
still hold.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.timezone import localtime
from django.utils.translation import get_language

from gis_portal.pages import pdf, values
from gis_portal.pages.plots import addresses, facts, kept
from gis_portal.pages.plots.editions import Edition, edition_of
from gis_portal.pages.plots.sheets import Sheet
from gis_portal.pages.reading import Reading
from layers import styles
from layers.layer import Layer
from layers.maps import editions as map_editions
from layers.maps.pictures import Sheet as MapSheet
from layers.maps.pictures import picture, png
from registries.land.models import MediaType, Plot, PlotFile
from registries.networks.models import Theme

TEMPLATE = "portal/print/plot.html"
MAP_MM, MAP_DPI = (178.0, 104.0), 220
# Screens have 96 pixels to the inch; the style is made for them.
SCREEN_DPI = 96
PHOTOS_MOST, PHOTO_BYTES = 3, 6_000_000


@dataclass(frozen=True)
class Paper:
    """The sheet of one plot, to be printed in the active language: what is on it, and under which edition."""

    reading: Reading
    sheet: Sheet
    edition: Edition
    address: str

    @classmethod
    def of(cls, request: HttpRequest, reading: Reading, plot: Plot) -> Paper:
        sheet = facts.sheet_of(reading, plot)
        edition = edition_of(plot.pk, sheet.values, reading.when)
        address = request.build_absolute_uri(addresses.path(plot.code, rest=f"editions/{edition.token}/"))
        return cls(reading, sheet, edition, address)

    @property
    def name(self) -> str:
        """Names all that decides how the paper looks, so that the same is made once."""
        catalogue = self.reading.catalogue
        looks = map_editions.edition(catalogue, catalogue, map_editions.installation())
        return kept.name_of([appearance(), looks, get_language(), self.address, self.sheet, settings.SITE_NAME], ".pdf")

    def content(self) -> bytes:
        """The PDF, from what is kept if it is everybody's. Raises Unavailable."""
        if self.reading.catalogue.reader.token:
            return self.made()
        return kept.obtain(self.name, self.made)

    def made(self) -> bytes:
        plot = self.sheet.plot
        paper = MapSheet.around(plot.geom.extent, MAP_MM)
        photos = {f"photo-{one.id}": content for one, content in photographs(self.sheet)}
        files = {
            "map.png": map_of(self.reading, paper, plot),
            "code.svg": qr(self.address),
            **photos,
        }
        context = {
            "sheet": self.sheet,
            "edition": self.edition,
            "issued": localtime(self.edition.moment),
            "address": self.address,
            "map": paper,
            "scale": number_format(paper.scale, 0, force_grouping=True),
            "srid": str(settings.REGISTRY_SRID),
            "legend": legend(self.reading),
            "shown": [one for one in self.sheet.photos if f"photo-{one.id}" in photos],
            **whose(),
        }
        return pdf.render(TEMPLATE, context, files, identifier=self.edition.token)


def whose() -> dict[str, Any]:
    return {
        "site_name": settings.SITE_NAME,
        "municipality": settings.MUNICIPALITY_NAME,
        "publisher_name": settings.PUBLISHER_NAME,
        "publisher_email": settings.PUBLISHER_EMAIL,
        "licence": settings.DATA_LICENCE,
        "synthetic_data": settings.SYNTHETIC_DATA,
    }


@cache
def appearance() -> str:
    """Changes with the template and styles of the paper."""
    names = [TEMPLATE, "portal/print/facts.html", "portal/print/base.html"]
    folder = Path(__file__).parents[2] / "templates"
    paths = [folder / name for name in names]
    paths += [Path(str(finders.find(name))) for name in pdf.STYLES]
    return kept.name_of([path.read_text(encoding="utf-8") for path in paths], "")


def map_of(reading: Reading, paper: MapSheet, plot: Plot) -> bytes:
    shown = picture(
        reading.catalogue,
        paper.bounds,
        paper.size_px(MAP_DPI),
        srid=settings.REGISTRY_SRID,
        scale=MAP_DPI / SCREEN_DPI,
        outline=plot.geom,
    )
    return png(shown)


def qr(address: str) -> bytes:
    written = io.BytesIO()
    segno.make(address, error="m", micro=False).save(written, kind="svg", border=0, dark="#17232d")
    return written.getvalue()


def photographs(sheet: Sheet) -> Iterator[tuple[Any, bytes]]:
    """The first photos that are there and not too large for paper."""
    found = PlotFile.objects.in_bulk([one.id for one in sheet.photos[:PHOTOS_MOST]])
    for one in sheet.photos[:PHOTOS_MOST]:
        file = next((file for pk, file in found.items() if str(pk) == one.id), None)
        if file is None or file.media_type == MediaType.PDF or not file.path.is_file():
            continue
        if file.size_bytes <= PHOTO_BYTES:
            yield one, file.path.read_bytes()


@dataclass(frozen=True)
class Sign:
    """One line of the legend: a colour and what it stands for, with the letter that tells a status apart."""

    color: str
    title: str
    mark: str = ""


MARKS = {
    "available": "✔", "reserved": "◔", "inProcedure": "◑", "contracted": "◕", "occupied": "●", "planned": "○",
    "withdrawn": "✕",
}  # fmt: skip


def legend(reading: Reading) -> dict[str, list[Sign]]:
    """Statuses of plots, and themes of networks that the reader may see."""
    plots = reading.catalogue.get("plots")
    fills = styles.layers_of(plots)[0]["paint"]["fill-color"] if plots else []
    colors = dict(zip(fills[2:-1:2], fills[3:-1:2], strict=True)) if plots else {}
    statuses = [Sign(colors[code], values.label(plots, "status", code), mark) for code, mark in MARKS.items() if plots]
    return {"statuses": statuses, "themes": themes(layer for layer in reading.catalogue if layer.per_network)}


def themes(layers: Iterable[Layer]) -> list[Sign]:
    labels = dict(Theme.choices)
    return list(
        {one.theme: Sign(styles.color_of(one), str(labels.get(one.theme, one.theme))) for one in layers}.values()
    )
