"""The names that the map services offer: the whole, a group for each theme, and every layer of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.utils.translation import gettext as _

from layers.catalogue import Catalogue
from layers.crs import Bounds
from layers.known import extent_of
from layers.layer import Layer
from registries.networks.models import Theme

WHOLE = "zone"


@dataclass(frozen=True)
class Entry:
    """One name of the service, with the layers it draws and, for a group, its members."""

    name: str
    title: str
    layers: tuple[Layer, ...]
    abstract: str = ""
    members: tuple[Entry, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(layer.key for layer in self.layers)

    def bounds(self, catalogue: Catalogue) -> Bounds:
        """West, south, east, north in degrees around all its layers."""
        boxes = [extent_of(catalogue, layer) for layer in self.layers]
        west, south, east, north = zip(*boxes, strict=True)
        return min(west), min(south), max(east), max(north)

    def all(self) -> Iterator[Entry]:
        """The entry and everything below it."""
        yield self
        for member in self.members:
            yield from member.all()


def tree(catalogue: Catalogue) -> Entry:
    """The whole zone, with themes, with layers, in the order of the catalogue and the active language."""
    titles = {"land": _("land"), **{value: str(label) for value, label in Theme.choices}}
    groups = []
    for theme, run in groupby(catalogue, key=lambda layer: layer.theme):
        layers = tuple(run)
        title = titles.get(theme, theme)
        members = tuple(Entry(layer.key, layer.title, (layer,), layer.abstract) for layer in layers)
        # No asset type can have this name: keys have no dot.
        groups.append(Entry(f"theme.{theme}", title[:1].upper() + title[1:], layers, members=members))
    return Entry(WHOLE, str(settings.SITE_NAME), tuple(catalogue), members=tuple(groups))
