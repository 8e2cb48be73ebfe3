"""Where a plot is found: one address for each, with the zone only where another zone has a plot of that code."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from registries.land.models import Plot


def path(code: str, zone: str = "", rest: str = "", **query: str) -> str:
    """`/plots/3-04/` and what lies below it; a slash of the code stays one."""
    asked = {**({"zone": zone} if zone else {}), **{name: value for name, value in query.items() if value}}
    return f"/plots/{quote(code, safe='/')}/{rest}{'?' + urlencode(asked) if asked else ''}"


def of_plot(plot: Plot, is_alone: bool, rest: str = "", **query: str) -> str:
    return path(plot.code, "" if is_alone else plot.zone.code, rest, **query)


def is_alone(plot: Plot) -> bool:
    """Whether no other zone has a plot of this code."""
    return not Plot.objects.filter(code=plot.code).exclude(pk=plot.pk).exists()
