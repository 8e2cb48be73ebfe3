"""The layers of a project in groups, as the legend has them, and the order in which they are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from layers.layer import Layer
from layers.projects.elements import Element, add
from layers.projects.sources import Source
from layers.style_subset import SLOTS
from layers.styles import layers_of
from registries.networks.models import Theme


def layer_id(layer: Layer) -> str:
    """QGIS gives new ids, which relations do not know, where one has fewer than eleven signs."""
    return f"registry_{layer.key}"


@dataclass(frozen=True)
class Placed:
    """A layer with where it is read, and whether it is edited there."""

    layer: Layer
    source: Source
    is_edited: bool = False

    @property
    def id(self) -> str:
        return layer_id(self.layer)


@dataclass(frozen=True)
class Picture:
    """A base map: finished pictures below the layers."""

    id: str
    title: str
    source: Source
    srid: int
    attribution: str = ""


def groups(parent: Element, placed: Iterable[Placed]) -> None:
    """A group for each theme; land, which everybody comes for, stands open."""
    titles = {"land": _("land"), **{value: str(label) for value, label in Theme.choices}}
    for theme, run in groupby(placed, key=lambda one: one.layer.theme):
        title = titles.get(theme, theme)
        group = _group(parent, title[:1].upper() + title[1:], is_open=theme == "land")
        for one in run:
            _leaf(group, one.id, one.layer.title, one.source, is_shown=True)


def base_maps(parent: Element, pictures: Iterable[Picture]) -> None:
    """Not shown until somebody asks for one: they show what the layers show, or come from elsewhere."""
    group = _group(parent, _("Base maps"), is_open=False)
    for one in pictures:
        _leaf(group, one.id, one.title, one.source, is_shown=False)


def _group(parent: Element, title: str, *, is_open: bool) -> Element:
    return add(parent, "layer-tree-group", name=title, expanded=is_open, checked="Qt::Checked")


def _leaf(parent: Element, id: str, title: str, source: Source, *, is_shown: bool) -> None:
    checked = "Qt::Checked" if is_shown else "Qt::Unchecked"
    words = {"source": source.uri, "providerKey": source.provider, "expanded": 0, "checked": checked}
    add(parent, "layer-tree-layer", id=id, name=title, **words)


def drawing_order(parent: Element, placed: Sequence[Placed], pictures: Iterable[Picture]) -> None:
    """From top to bottom: points over lines over roads over areas, whatever group they stand in."""
    ids = [one.id for one in sorted(placed, key=lambda one: height(one.layer))]
    order = add(parent, "custom-order", enabled=1)
    for id in [*reversed(ids), *(one.id for one in pictures)]:
        add(order, "item", id)


def height(layer: Layer) -> int:
    """That of the lowest thing drawn: QGIS draws a layer at one height."""
    return min(SLOTS.index(style["metadata"]["slot"]) for style in layers_of(layer) if style["type"] != "symbol")
