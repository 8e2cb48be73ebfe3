"""Utilities of a plot by theme: every theme is told, also the one of which nothing is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import ceil

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from gis_portal.pages import values
from gis_portal.pages.plots.sheets import Asset, Fact, Utility
from layers.catalogue import Catalogue
from layers.plots import phrases
from layers.plots.nearby import Near, nearby
from registries.land.models import Plot
from registries.networks.models import Status, Theme
from registries.serviceability.nearest import REACH_M

# More would hide what matters: the nearest of each kind is told, not all there is.
ASSETS_MOST = 4
THEMES = (
    Theme.ELECTRICITY,
    Theme.WATER,
    Theme.SEWER,
    Theme.STORM,
    Theme.GAS,
    Theme.THERMAL,
    Theme.TELECOM,
    Theme.ROAD,
    Theme.RAIL,
    Theme.LIGHTING,
)
# Points that say something to whoever plans a factory; what else stands on a network is for its operator.
STATIONS = frozenset(
    {
        "electricity_main_station",
        "electricity_substation",
        "electricity_switching_station",
        "gas_regulator_station",
        "road_stop",
        "sewer_pump_station",
        "sewer_treatment_plant",
        "storm_basin",
        "telecom_exchange",
        "thermal_exchange_station",
        "thermal_plant",
        "water_hydrant",
        "water_pump_station",
        "water_reservoir",
    }
)
# Whoever drives to a plot asks for the street; a path beside it is told after it.
CARRIAGEWAYS = frozenset({"road_centreline"})
MEASURES = (("diameter_mm", "⌀\u00a0", "mm"), ("pressure_kpa", "", "kPa"), ("voltage_kv", "", "kV"))


def utilities_of(catalogue: Catalogue, plot: Plot) -> tuple[Utility, ...]:
    by_theme: dict[str, list[Near]] = defaultdict(list)
    for one in nearby(catalogue, plot.pk):
        by_theme[one.theme].append(one)
    known = {layer.theme for layer in catalogue if layer.per_network}
    return tuple(_utility(theme, by_theme[theme], theme in known) for theme in THEMES)


def _utility(theme: Theme, found: Sequence[Near], is_known: bool) -> Utility:
    title = phrases.utility(theme)
    if not found:
        text = _("none within %(km)d km") % {"km": REACH_M // 1000} if is_known else _("no data, ask the operator")
        return Utility(theme, title, Fact(theme, title, text, is_missing=not is_known), ())
    first = _first(found)
    asset = _asset(first)
    fact = Fact(
        key=theme,
        label=title,
        text=asset.distance,
        value=round(first.distance_m, 1),
        unit="m",
        source=", ".join(filter(None, [asset.operator, asset.quality])),
        on=asset.on,
        note=", ".join(filter(None, [asset.kind, asset.measures, asset.status_label])),
    )
    others = [_asset(one) for one in found if one is not first and _tells_more(one, first)]
    return Utility(theme, title, fact, (asset, *others[: ASSETS_MOST - 1]))


def _first(found: Sequence[Near]) -> Near:
    """The nearest line that works, of roads one to drive on; what is yet to come only where nothing works."""
    lines = [one for one in found if one.layer.key in CARRIAGEWAYS] or [one for one in found if one.is_line] or found
    return next((one for one in lines if one.status == Status.FUNCTIONAL), lines[0])


def _tells_more(one: Near, first: Near) -> bool:
    """Lines of other kinds, and stations; what is yet to come where it comes nearer."""
    if not one.is_line and one.layer.key not in STATIONS:
        return False
    return one.status == Status.FUNCTIONAL or one.distance_m < first.distance_m - 1


def distance(metres: float, is_at_border: bool) -> str:
    """Never shorter than it is, to the centimetre."""
    if is_at_border:
        return _("at the border")
    if metres <= 999:
        return _("%(number)s m") % {"number": ceil(round(metres, 2))}
    return _("%(number)s km") % {"number": values.plain(ceil(metres / 100) / 10)}


def _asset(one: Near) -> Asset:
    network = values.in_language(one, "network")
    return Asset(
        distance=distance(one.distance_m, one.is_at_border),
        distance_m=round(one.distance_m, 1),
        is_at_border=one.is_at_border,
        kind=one.layer.title,
        measures=", ".join(measures(one)),
        status=one.status,
        status_label=values.label(one.layer, "status", one.status),
        operator=one.operator or network,
        quality=values.label(one.layer, "location_quality", one.location_quality),
        on=localdate(one.since),
    )


def measures(one: Near) -> list[str]:
    told = []
    for name, sign, unit in MEASURES:
        value = getattr(one, name)
        if value is not None:
            told.append(f"{sign}{values.plain(value)}\u00a0{unit}")
    return [*told, values.label(one.layer, "material", one.material)] if one.material else told
