"""Features of a collection, streamed by the writer that WFS uses (OGC 17-069r4, 7.15 and 7.16)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from layers import exports, geojson
from layers.catalogue import catalogue_at
from layers.features import parameters
from layers.features.answers import edge
from layers.features.links import GEOJSON, JSON, address, changed, link
from layers.features.resources import layer_of
from layers.known import count_of
from layers.moment import When, interval, permitted
from layers.query import Query, rows, select, snapshot, stream
from registries.core.errors import NotFound


@edge
def items(request: HttpRequest, key: str) -> HttpResponseBase:
    """A page of features."""
    asked = parameters.items(request.GET)
    when = permitted(request.user, asked.when, "datetime")
    catalogue = catalogue_at(request.user, when)
    layer = layer_of(catalogue, key)
    query = Query(layer=layer, reader=catalogue.reader, bbox=asked.bbox, limit=asked.limit, offset=asked.offset)
    item = geojson.member(geojson.feature(query, asked.reference, layer.columns, pointed=True))
    blocks = page(request, query, item, when) if request.method == "GET" else iter(())
    if request.method == "GET":
        exports.note(request.user, layer, catalogue.reader, GEOJSON, request.GET.dict().items())
    return StreamingHttpResponse(blocks, content_type=GEOJSON, headers={"Content-Crs": f"<{asked.reference.uri}>"})


def page(request: HttpRequest, query: Query, item: sql.Composable, when: When | None) -> Iterator[bytes]:
    with snapshot(when) as is_published:
        matched = count_of(query, is_published=is_published, when=when)
        returned = max(0, min(query.limit or matched, matched - query.offset))
        members = {
            "numberMatched": matched,
            "numberReturned": returned,
            "timeStamp": timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "links": links(request, query, matched, returned),
        }
        with closing(rows(query, item, returned)) as blocks:
            yield from geojson.collection(members, blocks)


def links(request: HttpRequest, query: Query, matched: int, returned: int) -> list[dict[str, str]]:
    """The page itself, its neighbours, and the collection it is of."""
    limit, offset = query.limit or returned, query.offset
    found = [
        link("self", request.build_absolute_uri(), GEOJSON),
        link("collection", address(request, "collection", query.layer.key), JSON),
    ]
    if returned and offset + returned < matched:
        found.append(link("next", changed(request, offset=offset + returned, limit=limit), GEOJSON))
    if offset:
        before = max(0, min(offset, matched) - limit)
        found.append(link("prev", changed(request, offset=before, limit=min(limit, offset)), GEOJSON))
    return found


@edge
def item(request: HttpRequest, key: str, id: str) -> HttpResponseBase:
    """One feature."""
    parameters.check(request.GET, parameters.ITEM)
    reference = parameters.reference(request.GET, "crs")
    when = permitted(request.user, interval(request.GET.get("datetime", ""), "datetime"), "datetime")
    catalogue = catalogue_at(request.user, when)
    layer = layer_of(catalogue, key)
    missing = NotFound(_("There is no feature “%(id)s”.") % {"id": id[:120]}, locator="featureId")
    try:
        query = Query(layer=layer, reader=catalogue.reader, ids=(UUID(id),))
    except ValueError:
        raise missing from None
    with snapshot(when):
        found = b"".join(stream(select(query, geojson.feature(query, reference, layer.columns, pointed=True))))
    if not found:
        raise missing
    exports.note(request.user, layer, catalogue.reader, GEOJSON, [("id", id), *request.GET.dict().items()])
    own: list[dict[str, Any]] = [
        link("self", request.build_absolute_uri(), GEOJSON),
        link("collection", address(request, "collection", key), JSON),
    ]
    body = b'%s,"links":%s}' % (found.rstrip(), json.dumps(own).encode())
    return HttpResponse(body, content_type=GEOJSON, headers={"Content-Crs": f"<{reference.uri}>"})
