"""Sheets of paper with a map true to scale: their sizes, what a visitor may wish for, and the grid of coordinates."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from pyproj import Transformer

from gis_portal.pages.answers import number
from layers.catalogue import Catalogue
from layers.maps.pictures import Sheet
from registries.core.errors import BadInput

SCALES = (500, 1_000, 2_000, 2_500, 5_000, 10_000)
PAPERS = {"a4": (210, 297), "a3": (297, 420)}
TURNS = ("portrait", "landscape")
# Around the sheet, and what title, scale bar and source need above and below the map; the legend takes what is left.
EDGE_MM, HEAD_MM, FOOT_MM = 10, 14, 15
LEGEND_MM = {"portrait": 31, "landscape": 23}
TITLE_MAX = 80
WORDS_MAX = 4_000
# Lines of the grid are about this far apart on paper.
GRID_MM = 45
GRID_STEPS_M = (10, 20, 50, 100, 200, 500, 1_000)
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def sizes() -> dict[str, dict[str, tuple[int, int]]]:
    """Width and height of the map in millimetres by paper and orientation."""
    return {paper: {turn: map_mm(paper, turn) for turn in TURNS} for paper in PAPERS}


def paper_mm(paper: str, turn: str) -> tuple[int, int]:
    short, long = PAPERS[paper]
    return (long, short) if turn == "landscape" else (short, long)


def map_mm(paper: str, turn: str) -> tuple[int, int]:
    wide, tall = paper_mm(paper, turn)
    return wide - 2 * EDGE_MM, tall - 2 * EDGE_MM - HEAD_MM - FOOT_MM - LEGEND_MM[turn]


@dataclass(frozen=True)
class Wish:
    """What somebody wants on paper; `words` are layers and `*themes` as in the map's address, None the usual ones."""

    lng: float
    lat: float
    scale: int
    paper: str
    turn: str
    title: str
    words: tuple[str, ...] | None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Wish:
        """Raises BadInput that names the parameter."""
        west, south, east, north = settings.REGISTRY_EXTENT
        words = query.get("layers")
        if words is not None and len(words) > WORDS_MAX:
            raise BadInput(_("The list of layers is too long."), locator="layers")
        return cls(
            lng=number(query, "lng", west, east),
            lat=number(query, "lat", south, north),
            scale=int(_choice(query, "scale", [str(scale) for scale in SCALES])),
            paper=_choice(query, "paper", list(PAPERS)),
            turn=_choice(query, "turn", list(TURNS)),
            title=_title(query.get("title", "")),
            words=None if words is None else tuple(words.split(",")),
        )

    def sheet(self) -> Sheet:
        """The map about the wished middle, in the registry's plane."""
        middle = Transformer.from_crs(4326, settings.REGISTRY_SRID, always_xy=True).transform(self.lng, self.lat)
        size = map_mm(self.paper, self.turn)
        half = [side * self.scale / 2_000 for side in size]
        bounds = (middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1])
        return Sheet(bounds, size, self.scale)

    def keys(self, catalogue: Catalogue, first_seen: Callable[[str], bool]) -> tuple[str, ...]:
        """The layers of the catalogue that the words mean; words that mean nothing (any more) are passed over."""
        if self.words is None:
            return tuple(layer.key for layer in catalogue if first_seen(layer.theme))
        return tuple(layer.key for layer in catalogue if layer.key in self.words or f"*{layer.theme}" in self.words)


def _choice(query: Mapping[str, str], name: str, known: list[str]) -> str:
    value = query.get(name, known[0])
    if value not in known:
        raise BadInput(
            _("“%(value)s” cannot be chosen for “%(name)s”.") % {"value": value[:40], "name": name},
            locator=name,
            hint=_("Use one of: %(names)s.") % {"names": ", ".join(known)},
        )
    return value


def _title(text: str) -> str:
    title = CONTROL.sub(" ", text).strip()
    if len(title) > TITLE_MAX:
        raise BadInput(_("The title is longer than %(count)d characters.") % {"count": TITLE_MAX}, locator="title")
    return title


@dataclass(frozen=True)
class Tick:
    """A line of the grid: where on the map, in millimetres from the left or from the top, and its coordinate."""

    mm: float
    value: int


def step_m(scale: int) -> int:
    return min(GRID_STEPS_M, key=lambda step: abs(step * 1_000 / scale - GRID_MM))


def eastings(sheet: Sheet) -> list[Tick]:
    return [Tick((x - sheet.bounds[0]) * 1_000 / sheet.scale, x) for x in _round(sheet, 0)]


def northings(sheet: Sheet) -> list[Tick]:
    return [Tick((sheet.bounds[3] - y) * 1_000 / sheet.scale, y) for y in _round(sheet, 1)]


def _round(sheet: Sheet, axis: int) -> Iterator[int]:
    step = step_m(sheet.scale)
    first = math.ceil(sheet.bounds[axis] / step) * step
    return iter(range(first, math.floor(sheet.bounds[axis + 2]) + 1, step))
