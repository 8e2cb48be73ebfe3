"""From where a request comes: for counting failures, so a visitor must not be able to choose it."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# A line gets at least this many bits of IPv6 addresses: taking single ones would count nothing.
IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str | None:
    """The address that the outermost of `TRUSTED_PROXIES` proxies saw; what stands further left anybody can write.

    None when it cannot be told, as behind a Unix socket without the header.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        # Fewer entries than proxies: the request came past some of them, and wrote the header itself.
        seen = told[-settings.TRUSTED_PROXIES] if len(told) >= settings.TRUSTED_PROXIES else seen
    try:
        address = ip_address(seen)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ip_network((int(address), IPV6_PREFIX), strict=False).network_address)
    return str(address)
