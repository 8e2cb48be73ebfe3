"""CQL2 as text and as JSON (OGC 21-065r2), by way of the package `cql2`, as conditions.

The package's parser tries bracketed groups twice, which doubles its time with each level, and ends the process when its
stack is full. So texts are measured first, and each bracketed group is given to it alone (`layers.filters.brackets`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Literal

import cql2
from django.utils.translation import gettext as _

from layers.crs import Reference
from layers.filters import brackets
from layers.filters.cql2_tree import Reading
from layers.filters.nodes import DEEPEST, Node
from registries.core.errors import BadInput

Language = Literal["cql2-text", "cql2-json"]
LENGTH_MOST = 64_000
# What serde_json, which the package reads with, takes by itself; of each operator, two levels.
JSON_DEEPEST = 2 * DEEPEST
# A text, which may lack its end, so that none is looked through twice; or a bracket.
JSON_TOKEN = re.compile(r'"(?:\\.|[^"\\])*(?:"|\\?\Z)|[][{}]', re.DOTALL)
PLACE = re.compile(r"--> ([0-9]+):([0-9]+)")
# All of OGC 21-065r2 (annex A) but array functions: no published property is an array.
CONFORMS_TO = tuple(
    f"http://www.opengis.net/spec/cql2/1.0/conf/{name}"
    for name in (
        "cql2-text",
        "cql2-json",
        "basic-cql2",
        "advanced-comparison-operators",
        "case-insensitive-comparison",
        "accent-insensitive-comparison",
        "basic-spatial-functions",
        "basic-spatial-functions-plus",
        "spatial-functions",
        "temporal-functions",
        "property-property",
        "functions",
        "arithmetic",
    )
)


def read(text: str, lang: Language, reference: Reference) -> Node:
    """The condition that `text` states; its geometries are in `reference`. BadInput, with the place, if there is none.

    A quote within a text may be doubled or have a backslash before it (OGC 21-065r2, annex B, `escapeQuote`); the
    package knows the first, so the second is tried when the first gives no sense.
    """
    if len(text) > LENGTH_MOST:
        raise BadInput(
            _("The filter is longer than the %(most)d characters that are served.") % {"most": LENGTH_MOST},
            locator="filter",
        )
    if lang == "cql2-json":
        return Reading(reference).node(from_json(text))
    try:
        return from_text(text, reference)
    except BadInput:
        if "\\'" not in text:
            raise
    return from_text(text.replace("\\'", "''"), reference)


def from_text(text: str, reference: Reference) -> Node:
    groups = brackets.split(text)
    trees = [tree(group) for group in groups]
    return Reading(reference, dict(zip((group.name for group in groups), trees, strict=True))).node(trees[-1])


def tree(group: brackets.Group) -> Any:
    return parsed(cql2.parse_text, group.text, lambda error: unread(group, error))


def from_json(text: str) -> Any:
    depth = deepest = 0
    for token in JSON_TOKEN.finditer(text):
        depth += (token.group() in "[{") - (token.group() in "]}")
        deepest = max(deepest, depth)
    if deepest > JSON_DEEPEST:
        raise brackets.too_deep()
    try:
        json.loads(text)
    except ValueError as error:
        place = error.pos + 1 if isinstance(error, json.JSONDecodeError) else 1
        raise BadInput(
            _("The filter is no JSON from character %(place)d on.") % {"place": place}, locator="filter"
        ) from None
    return parsed(cql2.parse_json, text, lambda error: BadInput(_("The filter is no CQL2 as JSON."), locator="filter"))


def parsed(parse: Callable[[str], Any], text: str, refusal: Callable[[Exception], BadInput]) -> Any:
    """The package's tree. Some of what it refuses, it refuses with a plain `Exception` of no class of its own."""
    try:
        return parse(text).to_json()
    except Exception as error:
        if type(error) not in (cql2.ParseError, cql2.ValidationError, Exception):
            raise
        raise refusal(error) from None


def unread(group: brackets.Group, error: Exception) -> BadInput:
    """Where the package lost its way, as a place in the whole text."""
    found = PLACE.search(str(error))
    if found is None:
        return BadInput(_("A geometry of the filter has no coordinates."), locator="filter")
    line, column = (int(number) for number in found.groups())
    index = sum(len(one) + 1 for one in group.text.split("\n")[: line - 1]) + column - 1
    return BadInput(
        _("The filter is no CQL2 from character %(place)d on.") % {"place": group.place(index) + 1},
        locator="filter",
        hint=_("For example: %(example)s.") % {"example": "status = 'free' AND area_m2 > 5000"},
    )
