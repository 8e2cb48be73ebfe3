"""Where QGIS reads the layers from, as its data providers write it.

`WFS` takes quoted pairs, `wms` a query string. Who reads as a person names an authentication configuration of their own
QGIS; no name, password or token of anybody is ever written into a file.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from layers.layer import Layer
from registries.core.errors import BadInput

# As all feature types are called in the capabilities of WFS.
PREFIX = "zone"
# QGIS gives its configurations seven letters and digits.
CONFIGURATION = re.compile(r"[a-z0-9]{7}")
Service = Literal["wfs", "ogc"]


class Basemap(Protocol):
    """What the site's settings say of tiles of another server."""

    @property
    def url(self) -> str: ...

    @property
    def max_zoom(self) -> int: ...


@dataclass(frozen=True)
class Site:
    """The portal as this file speaks of it: `address` without a slash at its end, `authcfg` empty for the public."""

    address: str
    authcfg: str = ""
    service: Service = "wfs"


@dataclass(frozen=True)
class Source:
    provider: str
    uri: str


def usual_configuration(host: str) -> str:
    """The name that people are asked to give their configuration for this portal: the same for all of its people."""
    return "gis" + hashlib.sha256(host.encode()).hexdigest()[:4]


def configuration(asked: str | None, host: str) -> str:
    """The configuration that a person asks for; empty lets QGIS ask for name and token itself. Raises BadInput."""
    if asked is None:
        return usual_configuration(host)
    if asked and not CONFIGURATION.fullmatch(asked):
        raise BadInput(
            _("The name of a configuration in QGIS has seven small letters and digits."),
            locator="authcfg",
            hint=_("Copy it from QGIS: Settings → Options → Authentication."),
        )
    return asked


def features(site: Site, layer: Layer, *, edited: bool) -> Source:
    """Where the features are read and, if `edited`, written; only OGC API gives QGIS heights."""
    pairs = {"pagingEnabled": "true", "restrictToRequestBBOX": "1", "srsname": f"EPSG:{settings.REGISTRY_SRID}"}
    if edited and site.service == "ogc":
        pairs |= {"typename": layer.key, "url": f"{site.address}/ogc"}
        return Source("OAPIF", _quoted(pairs, site.authcfg))
    path = "/ows/wfs/edit" if edited else "/ows/wfs"
    pairs |= {"typename": f"{PREFIX}:{layer.key}", "url": f"{site.address}{path}", "version": "2.0.0"}
    return Source("WFS", _quoted(pairs, site.authcfg))


def _quoted(pairs: dict[str, str], authcfg: str) -> str:
    words = [f"authcfg={authcfg}"] if authcfg else []
    return " ".join([*words, *(f"{name}='{value}'" for name, value in pairs.items())])


def pictures(site: Site) -> Source:
    url = quote(f"{site.address}/ows/wms", safe="")
    return Source("wms", f"crs={_crs()}&dpiMode=7&format=image/png&layers=zone&styles=&url={url}")


def tiles(site: Site) -> Source:
    url = quote(f"{site.address}/ows/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", safe="")
    grid = f"EPSG{settings.REGISTRY_SRID}"
    words = f"crs={_crs()}&dpiMode=7&format=image/png&layers=zone&styles=default&tileMatrixSet={grid}"
    return Source("wms", f"{words}&url={url}")


def ground(basemap: Basemap) -> Source:
    """The tiles of another server that the portal's own map may lie on."""
    return Source("wms", f"type=xyz&url={quote(basemap.url, safe='')}&zmin=0&zmax={basemap.max_zoom}")


def _crs() -> str:
    return f"EPSG:{settings.REGISTRY_SRID}"
