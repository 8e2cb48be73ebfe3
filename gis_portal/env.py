"""Typed readers of environment variables: a wrong value stops the start and says what the variable takes."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


def text(name: str, default: str | None = None) -> str:
    """The value of `name`; without a default the variable must be set."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"The environment variable {name} must be set.")
    return default


def boolean(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").lower()
    if not value:
        return default
    if value in _TRUE | _FALSE:
        return value in _TRUE
    raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no; use one of {sorted(_TRUE | _FALSE)}.")


def integer(name: str, default: int, minimum: int | None = None) -> int:
    value = os.environ.get(name, "")
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from None
    if minimum is not None and number < minimum:
        raise ImproperlyConfigured(f"{name}={value!r} must be at least {minimum}.")
    return number


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [part.strip() for part in (os.environ.get(name, "") or default).split(",") if part.strip()]


def numbers(name: str, default: str, count: int) -> list[float]:
    """Exactly `count` comma-separated numbers."""
    value = os.environ.get(name, "") or default
    try:
        found = [float(part) for part in value.split(",")]
    except ValueError:
        found = []
    if len(found) != count:
        raise ImproperlyConfigured(f"{name}={value!r} must be {count} numbers separated by commas.")
    return found


def web_address(name: str, default: str) -> str:
    """An http or https address; empty when the variable says `none`."""
    value = os.environ.get(name, "") or default
    if value.lower() == "none":
        return ""
    if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname:
        raise ImproperlyConfigured(f"{name}={value!r} is neither an http(s) address nor `none`.")
    return value


def origins(address: str) -> list[str]:
    """Scheme and host of a web address, as a content security policy names them; `{s}` stands for any subdomain."""
    if not address:
        return []
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"]


@dataclass(frozen=True)
class Basemap:
    """Raster tiles under the registry's layers: `{z}/{x}/{y}` in `url`, and how people know them in each language."""

    url: str
    name: str
    name_en: str
    attribution: str
    max_zoom: int

    def title(self, language: str | None) -> str:
        return self.name_en if language == "en" else self.name


BASEMAPS_MAX = 9


def basemaps() -> list[Basemap]:
    """`BASEMAP_URL` with its `BASEMAP_NAME`, `…_NAME_EN`, `…_ATTRIBUTION` and `…_MAX_ZOOM`; the second of them begins
    with `BASEMAP_2_`, and so on. Without an address there is none.
    """
    prefixes = ["BASEMAP_", *(f"BASEMAP_{number}_" for number in range(2, BASEMAPS_MAX + 1))]
    return [_basemap(prefix) for prefix in prefixes if web_address(f"{prefix}URL", "none")]


def _basemap(prefix: str) -> Basemap:
    url = web_address(f"{prefix}URL", "none")
    name = text(f"{prefix}NAME", str(urlsplit(url).hostname))
    return Basemap(
        url=url,
        name=name,
        name_en=text(f"{prefix}NAME_EN", name),
        attribution=text(f"{prefix}ATTRIBUTION", ""),
        max_zoom=integer(f"{prefix}MAX_ZOOM", 19, minimum=0),
    )


def embedders(name: str) -> list[str]:
    """Origins (`https://example.org`, also `https://*.example.org`), or `*` for every site."""
    found = names(name)
    for origin in found:
        parts = urlsplit(origin)
        is_origin = (
            parts.scheme in ("http", "https") and parts.hostname and origin == f"{parts.scheme}://{parts.netloc}"
        )
        if origin != "*" and not is_origin:
            raise ImproperlyConfigured(f"{name}: {origin!r} is no origin such as https://example.org, and not `*`.")
    return found


def file(name: str, kinds: tuple[str, ...]) -> str:
    """The path of a file that exists and ends with one of `kinds`; empty when the variable is."""
    value = os.environ.get(name, "")
    if value and not (Path(value).is_file() and value.lower().endswith(kinds)):
        raise ImproperlyConfigured(f"{name}={value!r} is no file that ends with {' or '.join(kinds)}.")
    return value
