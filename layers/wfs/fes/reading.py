"""What holds while one filter is read, and the shapes that its elements may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from lxml import etree

from layers.crs import Reference
from layers.filters.nodes import MOST_NODES
from layers.wfs import names
from layers.wfs.exceptions import NotParsed
from layers.wfs.gml_positions import local
from layers.wfs.requests import Version

NAMESPACES = frozenset((f"{{{names.FES}", f"{{{names.OGC}", ""))

__all__ = ["Reading", "local", "one_child", "own", "some", "unknown"]


@dataclass
class Reading:
    """`reference` is the system of geometries that name none, `nodes` how many have been read."""

    version: Version
    reference: Reference
    locator: str
    nodes: int = 0

    def count(self) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise NotParsed(_("A condition has %(count)d parts at most.") % {"count": MOST_NODES}, locator=self.locator)


def own(element: etree._Element) -> bool:
    """Whether the element is one of a filter's, of any version."""
    return str(element.tag).rpartition("}")[0] in NAMESPACES


def some(element: etree._Element, locator: str, *counts: int) -> Sequence[etree._Element]:
    """The children, which have to be as many as one of `counts`."""
    if len(element) not in counts:
        raise NotParsed(
            _("“%(name)s” has %(count)d parts where %(wanted)s are needed.")
            % {"name": local(element)[:80], "count": len(element), "wanted": "/".join(map(str, counts))},
            locator=locator,
        )
    return list(element)


def one_child(element: etree._Element, locator: str) -> etree._Element:
    return some(element, locator, 1)[0]


def unknown(element: etree._Element, locator: str) -> NotParsed:
    return NotParsed(_("“%(name)s” has no place here.") % {"name": str(element.tag)[:120]}, locator=locator)
