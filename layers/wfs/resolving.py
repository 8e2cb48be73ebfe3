"""Queries by name become queries of layers: what a reader may not see is not there to be named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from layers import crs, joins
from layers.catalogue import Catalogue
from layers.filters.nodes import All, FeatureId, Ids, Node
from layers.layer import Column, Layer
from layers.query import BBox, Query, Sort
from layers.wfs import names
from layers.wfs.output.formats import Format
from layers.wfs.output.found import Member, Together
from layers.wfs.requests import AdHocQuery, Box
from registries.core.errors import BadInput, NotFound

# What GML knows of every feature (OGC 07-036, 9.4.1), as far as it is kept.
STANDARD = frozenset({"gml:name", "gml:description", "gml:identifier", "gml:boundedBy"})


def layer_of(catalogue: Catalogue, name: str) -> Layer:
    layer = catalogue.get(name)
    if layer is None:
        raise BadInput(_("There is no feature type “%(name)s”.") % {"name": name[:80]}, locator="typeNames")
    return layer


def column_of(layer: Layer, name: str, locator: str) -> Column:
    column = layer.column(name)
    if column is None:
        raise BadInput(
            _("The feature type has no property “%(name)s” of use here.") % {"name": name[:80]}, locator=locator
        )
    return column


def split_id(id: str) -> FeatureId:
    """`layer.uuid` or `layer.uuid.v7`; its UUID is None if it is none: a wrong identifier matches nothing."""
    key, _dot, rest = id.partition(".")
    text, _dot, version = rest.partition(".v")
    try:
        return FeatureId(key, UUID(text), int(version) if version else None)
    except ValueError:
        return FeatureId(key, None)


def expanded(query: AdHocQuery, catalogue: Catalogue) -> list[AdHocQuery]:
    """The query itself; of identifiers alone, one for each type that they name."""
    if query.type_names:
        return [query]
    keys = dict.fromkeys(split_id(id).key for id in query.resource_ids or ())
    if not any(catalogue.get(key) for key in keys):
        raise NotFound(_("There is no feature of this identifier."), locator="resourceId")
    return [
        replace(query, type_names=(key,), resource_ids=tuple(of_type(query.resource_ids or (), key)))
        for key in keys
        if catalogue.get(key)
    ]


def of_type(ids: tuple[str, ...], key: str) -> list[str]:
    return [id for id in ids if split_id(id).key == key]


def members(query: AdHocQuery, catalogue: Catalogue, form: Format, *, versioned: bool) -> tuple[Member, ...]:
    """The features that the query asks for, by type: several types are a join, whose filter and order are of all."""
    layers = [layer_of(catalogue, name) for name in query.type_names]
    check_properties(query, layers)
    is_join = len(layers) > 1
    return tuple(
        Member(
            Query(
                layer=layer,
                reader=catalogue.reader,
                bbox=bbox_of(query.bbox),
                filter=None if is_join else condition(query, layer),
                sort=() if is_join else sorted_by(query, layer),
                versioned=versioned,
            ),
            columns_of(query, layer),
            query.property_names is None or names.GEOMETRY in query.property_names,
            query.reference or default_reference(form),
            with_standard=query.property_names is None or not STANDARD.isdisjoint(query.property_names),
        )
        for layer in layers
    )


def joined(query: AdHocQuery, members: tuple[Member, ...]) -> Together | None:
    """How the members of a join belong together (OGC 09-025r2, 7.9.2.5.3.1); None for one feature type."""
    if len(members) == 1:
        return None
    if query.filter is None:
        raise BadInput(
            _("A join needs a filter that says what belongs together."),
            locator="filter",
            hint=_("Ask for each feature type in a query of its own: (a)(b)."),
        )
    if query.aliases and len(query.aliases) != len(members):
        raise BadInput(_("There are not as many aliases as feature types."), locator="aliases")
    aliases = query.aliases or query.type_names
    return Together(aliases, query.filter, tuple(joined_sorts(query, members, aliases)))


def joined_sorts(query: AdHocQuery, members: tuple[Member, ...], aliases: tuple[str, ...]) -> Iterator[joins.SortBy]:
    """Of feature types that have the same property the first one's is meant."""
    for name, descending in query.sort_by:
        found = [
            joins.SortBy(alias, column, descending)
            for member, alias in zip(members, aliases, strict=True)
            if (column := member.query.layer.column(name))
        ]
        if not found:
            column_of(members[0].query.layer, name, "sortBy")
        yield found[0]


def check_properties(query: AdHocQuery, layers: list[Layer]) -> None:
    for name in query.property_names or ():
        if name not in (names.GEOMETRY, *STANDARD) and not any(layer.column(name) for layer in layers):
            column_of(layers[0], name, "propertyName")


def columns_of(query: AdHocQuery, layer: Layer) -> tuple[Column, ...]:
    wanted = query.property_names
    return layer.columns if wanted is None else tuple(column for column in layer.columns if column.name in wanted)


def sorted_by(query: AdHocQuery, layer: Layer) -> tuple[Sort, ...]:
    return tuple(Sort(column_of(layer, name, "sortBy"), descending) for name, descending in query.sort_by)


def condition(query: AdHocQuery, layer: Layer) -> Node | None:
    if query.resource_ids is None:
        if isinstance(query.filter, Ids):
            check_ids(layer, query.filter.ids)
        return query.filter
    ids = Ids(ids_of(layer, query.resource_ids))
    return ids if query.filter is None else All((ids, query.filter))


def ids_of(layer: Layer, resource_ids: tuple[str, ...]) -> tuple[FeatureId, ...]:
    found = tuple(split_id(id) for id in resource_ids)
    check_ids(layer, found)
    return found


def check_ids(layer: Layer, ids: tuple[FeatureId, ...]) -> None:
    """OGC 09-025r2, 7.9.2.4.1: an identifier of another type than the one asked for is an error."""
    for one in ids:
        if one.id is not None and one.key != layer.key:
            raise BadInput(
                _("The identifier belongs to another feature type, “%(name)s”.") % {"name": one.key[:80]},
                locator="resourceId",
            )


def bbox_of(box: Box | None) -> BBox | None:
    if box is None:
        return None
    reference = box.reference or crs.authority(crs.SRIDS[0])
    first, second, third, fourth = box.corners
    if reference.flipped:
        first, second, third, fourth = second, first, fourth, third
    return BBox(first, second, third, fourth, reference.srid)


def default_reference(form: Format) -> crs.Reference:
    """Longitude and latitude for GeoJSON (RFC 7946), the registry's own system for the rest."""
    return crs.LON_LAT if form.lon_lat else crs.authority(crs.SRIDS[0])
