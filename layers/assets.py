"""Layers of networks, one for each asset type in use: their titles, columns and audiences come from the asset
catalogue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import GeneratedField
from django.utils.translation import override
from psycopg import sql

from layers.layer import Column, ColumnType, Layer, Writes
from layers.revisions import Numbers
from registries.core.models import Audience
from registries.core.overlay import RESERVED
from registries.networks.models import AssetAttribute, AssetType, Link, Network, Node

# One look into an index for each type and network of its theme, however many assets there are. The published tables
# by name: what is kept must not come out of somebody's draft.
HOLDERS = """
SELECT a.key, n.id FROM public.networks_assettype a JOIN public.networks_network n ON n.theme = a.theme
WHERE EXISTS (SELECT FROM public.networks_link t WHERE t.asset_type_id = a.key AND t.network_id = n.id)
   OR EXISTS (SELECT FROM public.networks_node t WHERE t.asset_type_id = a.key AND t.network_id = n.id)
"""
# The same of history, whose index over type and network is meant for this (core_history_holder).
FORMER_HOLDERS = """
SELECT a.key, n.object_id FROM public.networks_assettype a
JOIN (SELECT DISTINCT object_id, row ->> 'theme' AS theme FROM public.core_history
      WHERE registry = 'networks.network') n ON n.theme = a.theme
WHERE EXISTS (SELECT FROM public.core_history t WHERE t.row ? 'asset_type_id'
              AND t.row ->> 'asset_type_id' = a.key AND t.row ->> 'network_id' = n.object_id::text)
"""
CASTS: dict[str, sql.SQL] = {
    "text": sql.SQL("text"),
    "integer": sql.SQL("bigint"),
    "real": sql.SQL("double precision"),
    "boolean": sql.SQL("boolean"),
    "date": sql.SQL("date"),
}
Holders = dict[str, frozenset[UUID]]
# Each kept for one state of what it is made from.
_known: dict[int, list[Layer]] = {}
_holders: dict[str, tuple[tuple[int, ...], Holders]] = {}


def own(model: Any, name: str, type: ColumnType = "text", **more: Any) -> Column:
    """A column of the table itself, titled as its model field is."""
    label = model._meta.get_field(name).verbose_name
    with override("bg"):
        title_bg = str(label)
    with override("en"):
        title_en = str(label)
    field = model._meta.get_field(name)
    expression = sql.SQL("t.{}").format(sql.Identifier(field.column))
    is_computed = isinstance(field, GeneratedField) or field.column in RESERVED
    writes = None if is_computed else Writes(field.column)
    return Column(
        name=name, title_bg=title_bg, title_en=title_en, expression=expression, type=type, writes=writes, **more
    )


def common(model: Any) -> list[Column]:
    return [
        Column(
            name="network",
            title_bg="мрежа",
            title_en="network",
            expression=sql.SQL("n.name"),
            writes=Writes("network_id", registry="networks.network", by="name"),
        ),
        own(model, "label", tile_zoom=15),
        own(model, "status", code_list="conditionOfFacility", tile_zoom=13),
        own(model, "vertical_position", code_list="verticalPosition"),
        own(model, "role", code_list="linkRole" if model is Link else "nodeRole"),
        own(model, "installed_on", "date"),
        own(model, "location_quality", code_list="locationQuality"),
        own(model, "accuracy_m", "real", unit="m"),
        own(model, "capacity", "real", audience=Audience.PARTNER),
        own(model, "capacity_unit", audience=Audience.PARTNER),
    ]


def link_columns() -> list[Column]:
    return [
        *common(Link),
        own(Link, "direction", code_list="flowDirection"),
        own(Link, "material", code_list="material"),
        own(Link, "diameter_mm", "real", unit="mm", tile_zoom=15),
        own(Link, "pressure_kpa", "real", unit="kPa"),
        own(Link, "voltage_kv", "real", unit="kV", tile_zoom=12),
        own(Link, "z_start_m", "real", unit="m"),
        own(Link, "z_end_m", "real", unit="m"),
        own(Link, "cover_m", "real", unit="m"),
        own(Link, "protection_m", "real", unit="m"),
        own(Link, "length_m", "real", unit="m"),
    ]


def node_columns() -> list[Column]:
    return [
        *common(Node),
        own(Node, "is_open", "boolean"),
        own(Node, "ground_height_m", "real", unit="m"),
        own(Node, "bottom_height_m", "real", unit="m"),
    ]


def typed(attribute: AssetAttribute) -> Column:
    """A JSON attribute as a typed column; the door has checked that stored values are of the type."""
    expression = sql.SQL("(t.attributes->>{})::{}").format(sql.Literal(attribute.key), CASTS[attribute.type])
    return Column(
        name=attribute.key,
        title_bg=attribute.title_bg,
        title_en=attribute.title_en,
        expression=expression,
        type=attribute.type,  # type: ignore[arg-type]  # the choices are the catalogue's column types
        unit=attribute.unit,
        code_list=attribute.code_list,
        audience=Audience(attribute.audience),
        writes=Writes("attributes", key=attribute.key),
    )


def layer_of(asset_type: AssetType, attributes: list[AssetAttribute]) -> Layer:
    is_link = asset_type.geometry_kind == AssetType.GeometryKind.LINK
    model = Link if is_link else Node
    bare = sql.SQL("{} t").format(sql.Identifier(model._meta.db_table))
    columns = link_columns() if is_link else node_columns()
    taken = {column.name for column in columns}
    return Layer(
        key=asset_type.key,
        title_bg=asset_type.title_bg,
        title_en=asset_type.title_en,
        theme=asset_type.theme,
        registry=model.registry(),
        source=sql.SQL("{} LEFT JOIN networks_network n ON n.id = t.network_id").format(bare),
        bare=bare,
        where=sql.SQL("t.asset_type_id = {}").format(sql.Literal(asset_type.key)),
        columns=(*columns, *(typed(attribute) for attribute in attributes if attribute.key not in taken)),
        geometry="LineString" if is_link else "Point",
        per_network=True,
        topics=(f"{model.registry()}:{asset_type.key}",),
        audience=Audience(asset_type.audience),
        min_zoom=12 if is_link else 15,
        symbol=asset_type.symbol,
        fixed={"asset_type": asset_type.key},
    )


def all_layers(numbers: Numbers) -> list[Layer]:
    """A layer for each asset type, in the order of the asset catalogue, whether or not it was ever used."""
    state = numbers.get("networks.assettype", 0)
    if state not in _known:
        attributes = defaultdict(list)
        for attribute in AssetAttribute.objects.all():
            attributes[attribute.asset_type_id].append(attribute)
        built = [layer_of(found, attributes[found.key]) for found in AssetType.objects.all()]
        _known.clear()
        _known[state] = built
    return _known[state]


def layers(numbers: Numbers) -> list[Layer]:
    """A layer for each asset type that has ever been published, in the order of the asset catalogue."""
    topics = (topic.partition(":") for topic in numbers)
    used = frozenset(key for registry, _colon, key in topics if key and registry in ("networks.link", "networks.node"))
    return [layer for layer in all_layers(numbers) if layer.key in used]


def holders(numbers: Numbers) -> Holders:
    """The networks that hold assets of each type: whoever sees none of them need not know that there are any."""
    return _held(HOLDERS, numbers)


def possible_holders(networks: Collection[UUID], numbers: Numbers) -> Holders:
    """Those of `networks` that could hold assets of each type, because they are of its theme."""
    by_theme: dict[str, set[UUID]] = defaultdict(set)
    for pk, theme in Network.objects.filter(pk__in=networks).values_list("pk", "theme"):
        by_theme[theme].add(pk)
    return {layer.key: frozenset(by_theme[layer.theme]) for layer in all_layers(numbers)}


def former_holders(numbers: Numbers) -> Holders:
    """The networks that ever held assets of each type."""
    return _held(FORMER_HOLDERS, numbers)


def _held(statement: str, numbers: Numbers) -> Holders:
    state = tuple(numbers.get(topic, 0) for topic in ("networks.link", "networks.node", "networks.network"))
    kept = _holders.get(statement)
    if kept is None or kept[0] != state:
        found: dict[str, set[UUID]] = defaultdict(set)
        with connection.cursor() as cursor:
            cursor.execute(statement)
            for key, network_id in cursor.fetchall():
                found[key].add(network_id)
        kept = _holders[statement] = (state, {key: frozenset(networks) for key, networks in found.items()})
    return kept[1]
