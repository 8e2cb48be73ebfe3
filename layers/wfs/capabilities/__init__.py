"""GetCapabilities: what the service can do and what it serves, in the words of each version. Only what is true is
declared.
"""

from __future__ import annotations

from collections.abc import Callable

from layers.wfs.caller import Caller
from layers.wfs.capabilities import v1_0_0, v1_1_0, v2_0_0
from layers.wfs.capabilities.facts import Facts
from layers.wfs.requests import GetCapabilities, Version

WRITERS: dict[Version, Callable[[Facts, frozenset[str]], bytes]] = {
    "2.0.0": v2_0_0.write,
    "1.1.0": v1_1_0.write,
    "1.0.0": v1_0_0.write,
}


def write(request: GetCapabilities, caller: Caller) -> bytes:
    """The document; WfsError if the client has this one already, or names one that never was."""
    return WRITERS[request.version](Facts.of(request, caller), request.sections)
