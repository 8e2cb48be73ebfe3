"""GetCapabilities: what the service can do and what it serves, in the words of each version. Only what is true is
declared.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from layers.wfs.caller import Caller
from layers.wfs.capabilities import common, v1_0_0, v1_1_0, v2_0_0
from layers.wfs.capabilities.facts import Facts
from layers.wfs.requests import GetCapabilities, Version
from registries.core.errors import BadInput

WRITERS: dict[Version, Callable[[Facts, frozenset[str]], bytes]] = {
    "2.0.0": v2_0_0.write,
    "1.1.0": v1_1_0.write,
    "1.0.0": v1_0_0.write,
}


# What may be asked for by name; of 1.1.0 two more than there are here.
SECTIONS = frozenset(
    name.lower() for name in (*common.SECTIONS, "ServesGMLObjectTypeList", "SupportsGMLObjectTypeList")
)


def write(request: GetCapabilities, caller: Caller) -> bytes:
    """The document; WfsError if the client has this one already, or names one that never was."""
    for name in sorted(request.sections - SECTIONS):
        raise BadInput(
            _("The document has no section “%(name)s”.") % {"name": name[:80]},
            locator="sections",
            hint=_("Use one of: %(names)s.") % {"names": ", ".join(common.SECTIONS)},
        )
    return WRITERS[request.version](Facts.of(request, caller), request.sections)
