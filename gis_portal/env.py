"""Typed readers of environment variables: a wrong value stops the start and says what the variable takes."""

import os
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
