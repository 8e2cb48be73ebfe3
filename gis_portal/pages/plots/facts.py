"""Everything that is told of one plot, with the source and date of each value: page, PDF, comparison and data pack
take it from here.

The queries are as many for every plot: they do not grow with what lies around it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from gis_portal.pages import values
from gis_portal.pages.plots import building, files, offers, utilities
from gis_portal.pages.plots.origins import SHAPE, Origin, Origins
from gis_portal.pages.plots.sheets import Contact, Fact, Neighbour, Part, Sheet
from gis_portal.pages.reading import Reading
from layers.layer import Layer
from layers.plots.around import Beside, free_beside
from registries.land.models import AccessDistance, AccessKind, FileKind, Offer, Parcel, Plot, Zone

# From then on it is said that nobody has confirmed the page of late.
STALE = timedelta(days=365)
ORDER = [kind.value for kind in AccessKind]


def sheet_of(reading: Reading, plot: Plot) -> Sheet:
    """To be called within `reading`, of a plot read there with its zone."""
    catalogue, today = reading.catalogue, localdate(reading.when.end if reading.when else None)
    layer = catalogue.get("plots")
    assert layer is not None, "A plot is told to whom the layer of plots is open."
    found = offers.offers_of(catalogue, plot, today)
    objects = [
        (Plot.registry(), plot.pk),
        (Zone.registry(), plot.zone_id),
        *((Offer.registry(), one.pk) for one in found),
    ]
    origins = Origins(objects, reading.when)
    sheets = tuple(offers.sheet_of(catalogue, plot, one, origins, today) for one in found)
    near = utilities.utilities_of(catalogue, plot)
    kept = files.files_of(plot, catalogue.reader.audience)
    parts = (land(layer, plot, origins), building.part_of(plot, origins), access(plot))
    return Sheet(
        plot=plot,
        zone=plot.zone,
        at=reading.at,
        title=_("Plot %(code)s") % {"code": plot.code},
        zone_name=values.in_language(plot.zone, "name"),
        status=plot.status,
        status_label=values.label(layer, "status", plot.status),
        area=values.area(plot.area_m2),
        area_m2=plot.area_m2,
        parts=parts,
        offers=sheets,
        utilities=near,
        photos=tuple(files.sheet_of(one) for one in kept if one.kind == FileKind.PHOTO),
        papers=tuple(files.sheet_of(one) for one in kept if one.kind != FileKind.PHOTO),
        neighbours=tuple(neighbour(plot, one) for one in free_beside(plot.pk)),
        contact=contact_of(plot.zone),
        description=values.in_language(plot, "description"),
        disclaimer=values.in_language(plot.zone, "disclaimer"),
        confirmed=plot.confirmed_on,
        is_stale=plot.confirmed_on is None or today - plot.confirmed_on > STALE,
        values=raw(plot, parts, sheets, near),
    )


def contact_of(zone: Zone) -> Contact:
    return Contact(zone.contact_name or "", zone.contact_email or "", zone.contact_phone or "")


def neighbour(plot: Plot, beside: Beside) -> Neighbour:
    joint = plot.area_m2 + beside.area_m2
    return Neighbour(beside.code, beside.zone, values.area(beside.area_m2), values.area(joint), round(joint, 1))


def land(layer: Layer, plot: Plot, origins: Origins) -> Part:
    """Status, place and size: what it is."""

    def fact(key: str, title: str, text: str, value: Any, *columns: str, unit: str = "", note: str = "") -> Fact:
        origin = origins.of(Plot.registry(), plot.pk, *(columns or (key,)))
        return Fact(key, title, text, value, unit, origin.source, origin.on, note)

    since = _("since %(day)s") % {"day": date_format(plot.status_since, "DATE_FORMAT")} if plot.status_since else ""
    status = values.label(layer, "status", plot.status)
    use = values.label(layer, "permitted_use", plot.permitted_use)
    zone = values.in_language(plot.zone, "name")
    facts = [
        fact("status", _("Status"), status, plot.status, "status", "status_since", note=since),
        fact("area_m2", _("Area"), values.area(plot.area_m2), round(plot.area_m2, 2), SHAPE, unit="m2"),
        *parcels(plot),
        fact("regulated_plot", _("Regulated plot (УПИ)"), plot.regulated_plot, plot.regulated_plot),
        fact("permitted_use", _("Permitted use"), use, plot.permitted_use),
        fact("zone", _("Zone"), zone, plot.zone.code, "zone_id", note=plot.zone.municipality),
    ]
    return Part("land", _("The plot"), tuple(one for one in facts if one.text))


def parcels(plot: Plot) -> list[Fact]:
    """The parcels it takes in; they are the cadastre's."""
    found = Parcel.objects.filter(plotparcel__plot=plot).order_by("national_cadastral_reference")
    rows = list(found.values_list("pk", "national_cadastral_reference", "valid_from", "begin_lifespan_version"))
    return [
        Fact(
            key="parcel",
            label=_("Cadastral number"),
            text=reference,
            value=reference,
            source=_("the cadastre"),
            on=valid_from or localdate(since),
            link=f"/?selected={quote(f'parcels/{pk}')}",
        )
        for pk, reference, valid_from, since in rows
    ]


def access(plot: Plot) -> Part:
    """How far it is by road; what is measured for the plot itself counts before what is for its zone."""
    found = AccessDistance.objects.filter(zone=plot.zone_id, plot__isnull=True)
    found |= AccessDistance.objects.filter(plot=plot)
    own = {(one.kind, one.name): one for one in sorted(found, key=lambda one: one.plot_id is not None)}
    ordered = sorted(own.values(), key=lambda one: (ORDER.index(one.kind), one.road_km))
    return Part("access", _("Distances by road"), tuple(distance(one) for one in ordered))


def distance(one: AccessDistance) -> Fact:
    kind = str(AccessKind(one.kind).label)
    told = _("%(number)s km") % {"number": values.plain(one.road_km)}
    minutes = _("about %(time)s") % {"time": duration(one.minutes)} if one.minutes else ""
    origin = Origin(one.source or _("the registry"), one.measured_on or localdate(one.begin_lifespan_version))
    return Fact(
        key=one.kind,
        label=values.in_language(one, "name"),
        text=" · ".join(filter(None, [told, minutes])),
        value=float(one.road_km),
        unit="km",
        source=origin.source,
        on=origin.on,
        note=kind[:1].upper() + kind[1:],
    )


def duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    told = [_("%(hours)d h") % {"hours": hours}] if hours else []
    if rest:
        told.append(_("%(minutes)d min") % {"minutes": rest})
    return " ".join(told)


def raw(plot: Plot, parts: tuple[Part, ...], sheets: Any, near: Any) -> dict[str, Any]:
    """What programs compare: values alone, in no language, so that two sheets that say the same are the same."""
    told: dict[str, Any] = {"plot": str(plot.pk), "code": plot.code, "confirmed_on": _day(plot.confirmed_on)}
    for part in parts:
        told[part.key] = [[one.key, one.value] for one in part.facts]
    told["offers"] = [[one.id, one.state, [[fact.key, fact.value] for fact in one.facts]] for one in sheets]
    told["utilities"] = [
        [one.theme, [[asset.distance_m, asset.status, asset.on.isoformat()] for asset in one.assets]] for one in near
    ]
    return told


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
