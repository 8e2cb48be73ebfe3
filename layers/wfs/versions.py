"""Which version of WFS a request is answered in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from layers.wfs.exceptions import VersionNotServed
from layers.wfs.requests import Version
from registries.core.errors import BadInput

# The newest first: it is spoken to who names none.
VERSIONS: tuple[Version, ...] = ("2.0.0", "1.1.0", "1.0.0")
# 2.0.2 is the corrigendum of 2.0.0 (OGC 09-025r2).
SPELLINGS: dict[str, Version] = {**{version: version for version in VERSIONS}, "2.0.2": "2.0.0"}
FORM = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}", re.ASCII)


def spoken(text: str) -> Version:
    """The version of an operation other than GetCapabilities; none named is the newest."""
    if not text:
        return VERSIONS[0]
    if text not in SPELLINGS:
        raise BadInput(
            _("WFS version “%(version)s” is not served.") % {"version": text[:20]},
            locator="version",
            hint=_("Use one of: %(names)s.") % {"names": ", ".join(VERSIONS)},
        )
    return SPELLINGS[text]


def accepted(offered: Sequence[str]) -> Version:
    """The first of the client's versions that is served (OGC 06-121r9, 7.3.2)."""
    for text in offered:
        if text in SPELLINGS:
            return SPELLINGS[text]
    raise VersionNotServed(locator="acceptVersions")


def nearest(text: str) -> Version:
    """The version that the old way of negotiation ends at (OGC 02-058, 6.2.4): the one asked for, else the next lower
    one, else the lowest.
    """
    if not text:
        return VERSIONS[0]
    if not FORM.fullmatch(text):
        raise VersionNotServed(locator="version")
    wanted = _numbers(text)
    return next((version for version in VERSIONS if _numbers(version) <= wanted), VERSIONS[-1])


def told(text: str) -> Version:
    """The version to report an error in: the one that `text` names, else the newest."""
    return SPELLINGS.get(text, VERSIONS[0])


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(".")]
