"""Layers of land, written down: zones, parcels, plots, offers and buildings."""

from __future__ import annotations

from psycopg import sql

from layers.assets import own
from layers.layer import Column, Layer, Writes
from registries.core.models import Audience
from registries.land.models import Building, Offer, Parcel, Plot, Zone


def code_of(model: type[Zone] | type[Plot], name: str, text: str, title_bg: str, title_en: str) -> Column:
    """What the row refers to, told and written by its code."""
    writes = Writes(f"{name}_id", registry=model.registry(), by="code")
    return Column(name=name, title_bg=title_bg, title_en=title_en, expression=sql.SQL(text), writes=writes)


PARAMETERS = ("density_max_pct", "floor_area_ratio_max", "greening_min_pct", "height_max_m")
PARAMETER_UNITS = {"density_max_pct": "%", "greening_min_pct": "%", "height_max_m": "m"}
ZONE_CODE = code_of(Zone, "zone", "(SELECT z.code FROM land_zone z WHERE z.id = t.zone_id)", "зона", "zone")
IN_ZONE = sql.SQL("t.zone_id")


def parameters(model: type[Zone] | type[Plot]) -> list[Column]:
    return [own(model, name, "real", unit=PARAMETER_UNITS.get(name, "")) for name in PARAMETERS]


ZONES = Layer(
    key="zones",
    theme="land",
    title_bg="Индустриални зони",
    title_en="Industrial zones",
    registry=Zone.registry(),
    source=sql.SQL("land_zone t"),
    zone=sql.SQL("t.id"),
    columns=(
        own(Zone, "code", tile_zoom=0),
        own(Zone, "name", tile_zoom=8),
        own(Zone, "name_en", tile_zoom=8),
        own(Zone, "kind", code_list="zoneKind"),
        own(Zone, "municipality"),
        own(Zone, "ekatte"),
        own(Zone, "permitted_activities"),
        own(Zone, "infrastructure"),
        own(Zone, "owner"),
        own(Zone, "operator"),
        own(Zone, "contact_name"),
        own(Zone, "contact_email"),
        own(Zone, "contact_phone"),
        own(Zone, "area_m2", "real", unit="m2"),
        *parameters(Zone),
        own(Zone, "disclaimer"),
        own(Zone, "disclaimer_en"),
    ),
    topics=("land.zone",),
)
PARCELS = Layer(
    key="parcels",
    theme="land",
    title_bg="Поземлени имоти",
    title_en="Cadastral parcels",
    registry=Parcel.registry(),
    source=sql.SQL("land_parcel t"),
    zone=IN_ZONE,
    columns=(
        own(Parcel, "national_cadastral_reference", tile_zoom=14),
        own(Parcel, "label", tile_zoom=15),
        ZONE_CODE,
        own(Parcel, "area_m2", "real", unit="m2"),
        own(Parcel, "legal_area_m2", "real", unit="m2"),
        own(Parcel, "land_use", code_list="landUse", tile_zoom=13),
        own(Parcel, "territory", code_list="territory"),
        own(Parcel, "ownership", code_list="ownership", tile_zoom=14),
        own(Parcel, "address"),
        own(Parcel, "valid_from", "date"),
        own(Parcel, "valid_to", "date"),
        own(Parcel, "begin_lifespan_version", "datetime"),
    ),
    topics=("land.parcel", "land.zone"),
    min_zoom=13,
)
PLOTS = Layer(
    key="plots",
    theme="land",
    title_bg="Терени за инвеститори",
    title_en="Plots for investors",
    registry=Plot.registry(),
    source=sql.SQL("land_plot t"),
    zone=IN_ZONE,
    columns=(
        own(Plot, "code", tile_zoom=10),
        own(Plot, "regulated_plot"),
        ZONE_CODE,
        own(Plot, "status", code_list="plotStatus", tile_zoom=0),
        own(Plot, "status_since", "date"),
        own(Plot, "permitted_use", code_list="permittedUse"),
        own(Plot, "area_m2", "real", unit="m2"),
        *parameters(Plot),
        own(Plot, "building_line"),
        own(Plot, "description"),
        own(Plot, "description_en"),
        own(Plot, "confirmed_on", "date"),
    ),
    topics=("land.plot", "land.zone"),
    min_zoom=10,
)
BUILDINGS = Layer(
    key="buildings",
    theme="land",
    title_bg="Сгради",
    title_en="Buildings",
    registry=Building.registry(),
    source=sql.SQL("land_building t"),
    zone=IN_ZONE,
    columns=(
        own(Building, "name", tile_zoom=16),
        own(Building, "national_cadastral_reference"),
        ZONE_CODE,
        own(Building, "current_use", code_list="buildingUse"),
        own(Building, "floors", "integer"),
        own(Building, "height_m", "real", unit="m"),
        own(Building, "area_m2", "real", unit="m2"),
    ),
    topics=("land.building", "land.zone"),
    min_zoom=14,
)
OFFERS = Layer(
    key="offers",
    theme="land",
    title_bg="Обяви",
    title_en="Offers",
    registry=Offer.registry(),
    # An offer has no shape of its own: it lies where its plot lies. Drafts and cancelled offers are nobody's business.
    source=sql.SQL("land_offer t JOIN land_plot p ON p.id = t.plot_id"),
    where=sql.SQL("t.state IN ('published', 'closed', 'awarded')"),
    geom=sql.SQL("p.geom"),
    geom_3857=sql.SQL("p.geom_3857"),
    zone=sql.SQL("p.zone_id"),
    columns=(
        code_of(Plot, "plot", "p.code", "терен", "plot"),
        own(Offer, "right", code_list="offeredRight", tile_zoom=10),
        own(Offer, "procedure", code_list="procedure"),
        own(Offer, "state", code_list="offerState", tile_zoom=10),
        own(Offer, "price", "real"),
        own(Offer, "currency"),
        own(Offer, "basis", code_list="priceBasis"),
        own(Offer, "vat_included", "boolean"),
        own(Offer, "term_years", "integer"),
        Column(
            name="open_from",
            title_bg="отворена от",
            title_en="open from",
            expression=sql.SQL("lower(t.open_period)"),
            type="date",
            writes=Writes("open_period", bound="lower"),
        ),
        Column(
            name="open_to",
            title_bg="отворена до",
            title_en="open until",
            expression=sql.SQL("(upper(t.open_period) - 1)"),
            type="date",
            writes=Writes("open_period", bound="upper"),
        ),
        own(Offer, "conditions"),
        own(Offer, "conditions_en"),
        own(Offer, "deposit", "real"),
        own(Offer, "decision_document"),
        own(Offer, "decided_on", "date"),
        own(Offer, "awarded_party", audience=Audience.INTERNAL),
    ),
    topics=("land.offer", "land.plot"),
    min_zoom=10,
)
LAND_LAYERS = (ZONES, PARCELS, PLOTS, OFFERS, BUILDINGS)
