"""The properties that GML gives every feature (OGC 07-036, 7.2.2.2): name, description, and identifier with its code
space.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from registries.core.errors import BadInput
from registries.core.records import STANDARD_PROPERTIES

NAMES = frozenset(STANDARD_PROPERTIES)
IDENTIFIER, CODE_SPACE = "gml:identifier", "gml:identifier@codeSpace"
LONGEST = 2000


def read(given: Mapping[str, Any]) -> dict[str, str | None]:
    """Those of `given`, None being none. An identifier brings its code space along, or has none."""
    found: dict[str, str | None] = {}
    if IDENTIFIER in given:
        found[CODE_SPACE] = None
    for name in STANDARD_PROPERTIES:
        if name in given:
            found[name] = _text(name, given[name])
    return found


def _text(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > LONGEST:
        raise BadInput(_("It is not a text of at most %(count)d characters.") % {"count": LONGEST}, locator=name)
    return value.strip() or None


def changed(before: Mapping[str, Any], given: Mapping[str, Any], *, whole: bool) -> dict[str, str | None]:
    """What is to be written over `before`; `whole`: what was not given goes."""
    wanted = {**(dict.fromkeys(before) if whole else {}), **read(given)}
    return {name: text for name, text in wanted.items() if text != before.get(name)}
