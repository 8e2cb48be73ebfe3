"""Which layers of a project belong together: QGIS then shows, beside a zone, its plots, and beside a plot, its offers.

A layer of which a column is written by a code of another registry (`Writes.by`) refers to the layer of that registry,
so a new layer's relations need no word here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from layers.layer import Layer
from layers.projects.elements import Element, add
from layers.projects.tree import layer_id


@dataclass(frozen=True)
class Link:
    """`column` of the layer `child` holds what `key` of the layer `parent` holds."""

    child: Layer
    column: str
    parent: Layer
    key: str

    @property
    def id(self) -> str:
        return f"{self.child.key}_{self.column}"


def links(layers: Iterable[Layer]) -> list[Link]:
    listed = list(layers)
    by_registry = {layer.registry: layer for layer in listed if not layer.per_network}
    found = []
    for layer in listed:
        for column in layer.columns:
            parent = by_registry.get(column.writes.registry) if column.writes else None
            if column.writes and parent and parent.column(column.writes.by):
                found.append(Link(layer, column.name, parent, column.writes.by))
    return found


def relations(parent: Element, found: Iterable[Link]) -> None:
    element = add(parent, "relations")
    for link in found:
        relation = add(
            element, "relation",
            id=link.id, name=link.child.title, strength="Association",
            referencingLayer=layer_id(link.child), referencedLayer=layer_id(link.parent),
        )  # fmt: skip
        add(relation, "fieldRef", referencingField=link.column, referencedField=link.key)
