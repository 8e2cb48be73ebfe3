"""What each operation does: a parsed request and the reader's catalogue become an answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import singledispatch
from uuid import UUID

from django.utils.translation import gettext as _

from layers import crs
from layers.catalogue import Catalogue
from layers.known import count_of
from layers.layer import Column, Layer
from layers.query import BBox, Query, Sort, rows, select, snapshot, stream
from layers.wfs import capabilities, kvp, names, schema, stored
from layers.wfs.exceptions import OptionNotServed
from layers.wfs.links import Links
from layers.wfs.output import geojson, gml
from layers.wfs.output.page import Page
from registries.core.errors import BadInput, NotFound


@dataclass(frozen=True)
class Answer:
    content_type: str
    body: Iterator[bytes]


def document(content: bytes, content_type: str = names.XML_TYPE) -> Answer:
    return Answer(content_type, iter([content]))


@singledispatch
def perform(request: kvp.Request, catalogue: Catalogue, links: Links) -> Answer:
    """The answer to `request`; RegistryError if there is none."""
    raise TypeError(type(request))


@perform.register
def _capabilities(request: kvp.GetCapabilities, catalogue: Catalogue, links: Links) -> Answer:
    return document(capabilities.write(catalogue, links.base, request.sections))


@perform.register
def _describe(request: kvp.DescribeFeatureType, catalogue: Catalogue, links: Links) -> Answer:
    layers = [layer_of(catalogue, name) for name in request.type_names] or list(catalogue)
    return document(schema.write(layers), names.GML_TYPE)


@perform.register
def _list_stored(request: kvp.ListStoredQueries, catalogue: Catalogue, links: Links) -> Answer:
    return document(stored.listing(catalogue))


@perform.register
def _describe_stored(request: kvp.DescribeStoredQueries, catalogue: Catalogue, links: Links) -> Answer:
    return document(stored.descriptions(catalogue, request.ids or names.STORED_QUERIES))


@perform.register
def _by_id(request: kvp.GetFeatureById, catalogue: Catalogue, links: Links) -> Answer:
    """The feature itself, not a collection (OGC 09-025r2, 7.9.3.6)."""
    key, id = split_id(request.id)
    layer = catalogue.get(key)
    missing = NotFound(_("There is no feature “%(id)s”.") % {"id": request.id[:120]}, locator="ID")
    if layer is None or id is None:
        raise missing
    query = Query(layer=layer, reader=catalogue.reader, ids=(id,))
    reference = reference_of(request)
    if request.output_format == names.GEOJSON_TYPE:
        item, end = geojson.alone(query, reference, layer.columns, True), "}"
    else:
        item, end = gml.alone(query, reference, layer.columns, True, links.describe(key)), ""
    with snapshot(request.when):
        found = b"".join(stream(select(query, item)))
    if not found:
        raise missing
    return document(found.rstrip() + end.encode(), request.output_format)


@perform.register
def _get_feature(request: kvp.GetFeature, catalogue: Catalogue, links: Links) -> Answer:
    query, columns, with_geometry = resolved(request, catalogue)
    reference = reference_of(request)
    is_gml = request.output_format == names.GML_TYPE
    item = (gml if is_gml else geojson).item(query, reference, columns, with_geometry)

    def body() -> Iterator[bytes]:
        with snapshot(request.when) as is_published:
            matched = count_of(query, is_published=is_published, when=request.when)
            page = page_of(request, query, matched, links)
            with closing(rows(query, item, page.returned)) as blocks:
                if is_gml:
                    yield from gml.document(page, links.describe(query.layer.key), blocks)
                else:
                    yield from geojson.document(page, reference, blocks)

    return Answer(request.output_format, body())


def resolved(request: kvp.GetFeature, catalogue: Catalogue) -> tuple[Query, tuple[Column, ...], bool]:
    """The query, the columns to write and whether the geometry is wanted; names are those that the reader may see."""
    layer = layer_of(catalogue, only_type(request, catalogue))
    columns, with_geometry = layer.columns, True
    if request.property_names is not None:
        wanted = set(request.property_names)
        with_geometry = names.GEOMETRY in wanted
        for name in wanted - {names.GEOMETRY}:
            column_of(layer, name, "propertyName")
        columns = tuple(column for column in layer.columns if column.name in wanted)
    query = Query(
        layer=layer,
        reader=catalogue.reader,
        bbox=bbox_of(request.bbox),
        ids=ids_of(layer, request.resource_ids),
        sort=tuple(Sort(column_of(layer, name, "sortBy"), descending) for name, descending in request.sort_by),
        limit=names.COUNT_DEFAULT if request.count is None else request.count,
        offset=request.start_index,
    )
    return query, columns, with_geometry


def downloaded(request: kvp.Request, catalogue: Catalogue) -> Layer | None:
    """The layer whose features the answer to `request` holds, if it holds any."""
    if isinstance(request, kvp.GetFeatureById):
        return catalogue.get(split_id(request.id)[0])
    if isinstance(request, kvp.GetFeature) and not request.hits:
        return catalogue.get(only_type(request, catalogue))
    return None


def only_type(request: kvp.GetFeature, catalogue: Catalogue) -> str:
    """The one feature type asked for, by name or by the identifiers."""
    asked = set(request.type_names) or {split_id(id)[0] for id in request.resource_ids or ()}
    if len(asked) != 1:
        raise OptionNotServed(
            _("Several feature types in one request are not served: ask for one at a time."), locator="typeNames"
        )
    (name,) = asked
    if not request.type_names and catalogue.get(name) is None:
        raise NotFound(_("There is no feature of this identifier."), locator="resourceId")
    return name


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


def split_id(id: str) -> tuple[str, UUID | None]:
    """`layer.uuid` or `layer.uuid.v7`; the UUID is None if it is none: a wrong identifier matches nothing."""
    key, *rest = id.split(".")
    try:
        return key, UUID(rest[0]) if rest else None
    except ValueError:
        return key, None


def ids_of(layer: Layer, resource_ids: tuple[str, ...] | None) -> tuple[UUID, ...] | None:
    """OGC 09-025r2, 7.9.2.4.1: an identifier of another type than the one asked for is an error."""
    if resource_ids is None:
        return None
    found = [split_id(id) for id in resource_ids]
    for key, id in found:
        if id is not None and key != layer.key:
            raise BadInput(
                _("The identifier belongs to another feature type, “%(name)s”.") % {"name": key[:80]},
                locator="resourceId",
            )
    return tuple(id for _key, id in found if id is not None)


def bbox_of(box: kvp.Box | None) -> BBox | None:
    if box is None:
        return None
    reference = box.reference or crs.authority(crs.SRIDS[0])
    first, second, third, fourth = box.corners
    if reference.flipped:
        first, second, third, fourth = second, first, fourth, third
    return BBox(first, second, third, fourth, reference.srid)


def reference_of(request: kvp.GetFeature | kvp.GetFeatureById) -> crs.Reference:
    """The system asked for; else longitude and latitude for GeoJSON (RFC 7946), the registry's own for GML."""
    if request.reference is not None:
        return request.reference
    return crs.LON_LAT if request.output_format == names.GEOJSON_TYPE else crs.authority(crs.SRIDS[0])


def page_of(request: kvp.GetFeature, query: Query, matched: int, links: Links) -> Page:
    """How many there are and where the neighbours lie (OGC 09-025r2, 7.7.4.4); of hits, `next` is the first results."""
    limit, start = query.limit or 0, query.offset
    if request.hits:
        return Page(matched, 0, next=links.changed(resultType="results") if matched > start else "")
    returned = max(0, min(limit, matched - start))
    has_next = returned > 0 and start + returned < matched
    previous = max(0, start - limit)
    return Page(
        matched,
        returned,
        next=links.changed(startIndex=start + limit, count=limit) if has_next else "",
        previous=links.changed(startIndex=previous, count=min(limit, start)) if start and limit else "",
    )
