"""MapProxy inside this process: one small service for each view of the catalogue, kept as long as that view holds."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.utils.translation import get_language
from mapproxy.config import local_base_config
from mapproxy.config.configuration.proxy import ProxyConfiguration
from mapproxy.request import Request
from mapproxy.response import Response

from layers.access import Reader
from layers.catalogue import Catalogue, catalogue_of
from layers.maps import source  # noqa: F401  # registers the kind of source
from layers.maps.configuration import configuration
from layers.maps.editions import edition, installation
from layers.maps.names import tree

KEPT = 8


@dataclass(frozen=True)
class MapService:
    """WMS and WMTS over one view of the catalogue; `edition` changes with anything that can be seen in it."""

    edition: str
    is_public: bool
    names: frozenset[str]
    handlers: dict[str, Any]
    base: Any

    def answer(self, handler: str, environ: dict[str, Any]) -> Response:
        """What MapProxy's `handler` says: `wms`, `ows` (WMTS by key and value) or `wmts` (by address)."""
        with local_base_config(self.base):
            return self.handlers[handler].handle(Request(environ))


_kept: OrderedDict[tuple[str, str], MapService] = OrderedDict()
_lock = Lock()


def service_for(reader: Reader, *, past: bool = False) -> MapService:
    """The service that shows what `reader` may see, in the active language.

    `past`: of another day than today, within `layers.moment.seen`; one service then serves all days on which the reader
    sees the same networks.
    """
    catalogue = catalogue_of(reader, past=past)
    name = edition(catalogue, catalogue, installation()) + ("-past" if past else "")
    key = (name, get_language() or "")
    with _lock:
        found = _kept.pop(key, None)
        if found is None:
            found = build(catalogue, name, is_public=not reader.token and not past)
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def build(catalogue: Catalogue, name: str, is_public: bool) -> MapService:
    conf = ProxyConfiguration(configuration(catalogue, is_public))
    handlers = {known: service for service in conf.configured_services() for known in service.names}
    names = frozenset(entry.name for entry in tree(catalogue).all())
    return MapService(name, is_public, names, handlers, conf.base_config)
