"""The condition that a Filter makes, until `fes` reads whole filters."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from layers.filters.nodes import Node
from layers.moment import When
from layers.wfs import filters
from layers.wfs.requests import Version


@dataclass(frozen=True)
class Condition:
    filter: Node | None = None
    when: When | None = None
    box: str = ""


def read(text: str, version: Version) -> Condition:
    found = filters.read(text)
    return Condition(when=found.when, box=found.box)


def of_element(element: etree._Element, version: Version) -> Condition:
    return read(etree.tostring(element, encoding="unicode", with_tail=False), version)
