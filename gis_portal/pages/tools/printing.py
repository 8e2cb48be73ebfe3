"""The map on paper at a true scale: `/print.pdf` draws what the reader may see in the registry's plane."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from PIL import Image

from gis_portal.pages import pdf, values
from gis_portal.pages.map import FIRST_SEEN, classes
from gis_portal.pages.plots.takeaway import few
from gis_portal.pages.reading import Reading, reading
from gis_portal.pages.tools.facts import system
from gis_portal.pages.tools.paper import EDGE_MM, FOOT_MM, HEAD_MM, LEGEND_MM, Wish, eastings, northings, paper_mm
from layers.catalogue import Catalogue
from layers.maps.legend import present, swatch
from layers.maps.pictures import Sheet, picture

# Fine enough for print; the style is drawn for screens of 96 pixels to the inch.
DPI = 200
STYLE_SCALE = DPI / 96
SWATCH_SCALE = 4
# A column of the legend, an entry in it, a further line of its words and how many letters a line has.
COLUMN_MM, ROW_MM, LINE_MM, LINE_LETTERS = 46, 4.3, 2.8, 26
# What the words at the scale bar's ends need.
BAR_EDGE_MM = 14


@dataclass(frozen=True)
class Entry:
    """A line of the legend; `sample` is the name of its picture in the document."""

    sample: str
    title: str
    is_class: bool = False

    @property
    def height_mm(self) -> float:
        return ROW_MM + LINE_MM * ((len(self.title) - 1) // LINE_LETTERS)


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    wish = Wish.read(request.GET)
    with reading(request) as it, few():
        content = paper(request, it, wish)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="map-1-{wish.scale}.pdf"'
    patch_cache_control(response, private=True, no_cache=True)
    return response


def paper(request: HttpRequest, it: Reading, wish: Wish) -> bytes:
    sheet = wish.sheet()
    keys = wish.keys(it.catalogue, FIRST_SEEN.__contains__)
    entries, files = legend(it.catalogue, keys, sheet)
    drawn = picture(
        it.catalogue, sheet.bounds, sheet.size_px(DPI), srid=settings.REGISTRY_SRID, scale=STYLE_SCALE, keys=keys
    )
    files["map.png"] = png(drawn)
    context = {**layout(wish, sheet), **words(request, it, wish), **legend_layout(wish, sheet, entries)}
    return pdf.render("portal/print/map.html", context, files)


def legend(catalogue: Catalogue, keys: tuple[str, ...], sheet: Sheet) -> tuple[list[Entry], dict[str, bytes]]:
    """What the sheet shows, in the order of the legend on the page, and the samples by name."""
    shown = present(catalogue, keys, sheet.bounds, sheet.size_px(DPI), settings.REGISTRY_SRID, STYLE_SCALE)
    entries: list[Entry] = []
    files: dict[str, bytes] = {}
    for layer in (layer for layer in catalogue if layer.key in shown):
        name = f"{layer.key}.png"
        entries.append(Entry(name, layer.title))
        files[name] = png(swatch(layer, SWATCH_SCALE))
        for value, label in classes(layer):
            if value in shown[layer.key]:
                sample = f"{layer.key}-{value}.png"
                entries.append(Entry(sample, label, is_class=True))
                files[sample] = png(swatch(layer, SWATCH_SCALE, {"status": value}))
    return entries, files


def legend_layout(wish: Wish, sheet: Sheet, entries: list[Entry]) -> dict[str, Any]:
    """Columns of about equal length; on a page of its own what does not fit below the map."""
    count = max(1, round(sheet.size_mm[0] / COLUMN_MM))
    rows = -(-len(entries) // count)
    columns = [entries[begin : begin + rows] for begin in range(0, len(entries), rows or 1)]
    tallest_mm = max((sum(entry.height_mm for entry in column) for column in columns), default=0)
    is_apart = tallest_mm > LEGEND_MM[wish.turn]
    return {"legend": columns, "legend_apart": is_apart, "column_mm": sheet.size_mm[0] / count}


def layout(wish: Wish, sheet: Sheet) -> dict[str, Any]:
    """Everything in millimetres of the paper."""
    size = paper_mm(wish.paper, wish.turn)
    half_m = sheet.bar_m / 2
    bar = {
        "mm": sheet.bar_mm,
        "half_mm": sheet.bar_mm / 2,
        "box_mm": sheet.bar_mm + BAR_EDGE_MM,
        "half": values.plain(int(half_m) if half_m.is_integer() else half_m),
        "whole": values.plain(sheet.bar_m),
    }
    return {
        "paper": size,
        "edge": EDGE_MM,
        "head": HEAD_MM,
        "foot": FOOT_MM,
        "size": sheet.size_mm,
        "below": HEAD_MM + sheet.size_mm[1],
        "eastings": eastings(sheet),
        "northings": northings(sheet),
        "scale": f"1 : {values.plain(sheet.scale)}",
        "bar": bar,
    }


def words(request: HttpRequest, reading: Reading, wish: Wish) -> dict[str, Any]:
    return {
        "title": wish.title or _("Map of the industrial zone"),
        "site_name": settings.SITE_NAME,
        "publisher_name": settings.PUBLISHER_NAME,
        "synthetic_data": settings.SYNTHETIC_DATA,
        "source": request.build_absolute_uri("/").rstrip("/"),
        "system": system(settings.REGISTRY_SRID)["name"],
        "printed": date_format(localtime(now()), "DATETIME_FORMAT"),
        "state_of": reading.told,
    }


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
