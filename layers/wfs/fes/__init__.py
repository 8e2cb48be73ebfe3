"""Filters in XML become the one tree of conditions: FES 2.0 (OGC 09-026r2), Filter 1.1 (04-095) and 1.0 (02-059).

What the three call alike is read alike, in any of their namespaces or in none: clients mix them. The caller says which
version of WFS is spoken, for the order of axes hangs on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from lxml import etree

from layers.crs import authority
from layers.filters.nodes import DEEPEST, MOST_NODES, All, Node
from layers.moment import When
from layers.wfs import markup, names
from layers.wfs.exceptions import NotParsed, OptionNotServed
from layers.wfs.fes import ids, past
from layers.wfs.fes.operators import predicate
from layers.wfs.fes.reading import Reading, local, one_child, own
from layers.wfs.requests import Version

LOCATOR = "filter"
TOO_DEEP = etree.XPath(f"boolean({'/'.join('*' * (DEEPEST + 1))})")
BETWEEN, BEGINS = re.compile(r"(\)\s*\()"), re.compile(r"\s*(<[^/]|$)")
DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
# What some clients use in a parameter without saying what it stands for.
PREFIXES = {"fes": names.FES, "ogc": names.OGC, "gml": names.GML, names.PREFIX: names.NAMESPACE}


@dataclass(frozen=True)
class Filter:
    """`node` is what features have to meet, `when` the past time that is asked about; each may be absent."""

    node: Node | None = None
    when: When | None = None


def read(source: etree._Element | str, version: Version) -> Filter:
    """The condition in a `Filter` element, or in the text of one. Geometries that name no system are in the default one
    of the feature type, whatever system the answer is asked for in.

    NotParsed for what is no filter, OptionNotServed for what is one and not served, BadInput for wrong values.
    """
    root = document(source) if isinstance(source, str) else source
    if not own(root) or local(root) != "Filter":
        raise NotParsed(_("A Filter is expected."), locator=LOCATOR)
    if TOO_DEEP(root):
        raise NotParsed(_("The elements are nested more than %(count)d deep.") % {"count": DEEPEST}, locator=LOCATOR)
    reading = Reading(version, authority(settings.REGISTRY_SRID), LOCATOR)
    if len(root) and all(map(ids.is_id, root)):
        return Filter(*ids.read(list(root), LOCATOR))
    return conditions(one_child(root, LOCATOR), reading)


def conditions(element: etree._Element, reading: Reading) -> Filter:
    """The condition, and apart from it the time that stands alone or as a part of an And at the top."""
    parts = list(element) if own(element) and local(element) == "And" and len(element) else [element]
    times = [part for part in parts if past.is_past(part)]
    if not times:
        return Filter(predicate(element, reading))
    if len(times) > 1:
        raise OptionNotServed(_("A filter asks about one time of the registry only."), locator=LOCATOR)
    found = tuple(predicate(part, reading) for part in parts if part is not times[0])
    node = All(found) if len(found) > 1 else next(iter(found), None)
    return Filter(node, past.read(times[0], LOCATOR))


def texts(value: str) -> list[str]:
    """The filters in a parameter, each in parentheses where there are several; empty where a query has none."""
    value = value.strip()
    if not value.startswith("("):
        return [value]
    if not value.endswith(")"):
        raise NotParsed(locator=LOCATOR)
    first, *others = BETWEEN.split(value[1:].removesuffix(")"))
    if len(others) > 2 * MOST_NODES:
        raise NotParsed(_("There are too many filters."), locator=LOCATOR)
    found = [[first]]
    for between, piece in zip(others[::2], others[1::2], strict=True):
        # Parentheses may also be a part of a literal.
        if is_whole(found[-1]) and BEGINS.match(piece):
            found.append([piece])
        else:
            found[-1] += [between, piece]
    return ["".join(pieces).strip() for pieces in found]


def is_whole(pieces: list[str]) -> bool:
    """Whether the pieces make a document, or nothing."""
    first, last = pieces[0].lstrip(), pieces[-1].rstrip()
    return (first.startswith("<") and last.endswith(">")) or not (first or last)


def document(text: str) -> etree._Element:
    """The root of a filter in a parameter, whose encoding is that of the parameter."""
    text = DECLARATION.sub("", text, count=1)
    unbound = [prefix for prefix in PREFIXES if f"{prefix}:" in text and f"xmlns:{prefix}" not in text]
    bindings = "".join(f' xmlns:{prefix}="{PREFIXES[prefix]}"' for prefix in unbound)
    text = re.sub(r"(<[\w.:-]+)", lambda start: start[1] + bindings, text, count=1)
    return markup.parse(text.encode(errors="replace"), LOCATOR)
