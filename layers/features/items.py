"""Features of a collection in every form: GeoJSON streamed by the writer that WFS uses, tables, files and pages
(OGC 17-069r4, 7.15 and 7.16).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from layers import exports, geojson
from layers.crs import Reference
from layers.downloads import Taken, file
from layers.features import formats, pages, parameters, tags
from layers.features.asking import Asking, asking
from layers.features.formats import GEOJSON, JSON
from layers.features.links import Link, address, changed, forms, link
from layers.known import count_of
from layers.layer import Column
from layers.moment import interval
from layers.query import Query, csv, rows, select, stream, well_known, where
from registries.core.errors import NotFound
from registries.exchange import export


@dataclass(frozen=True)
class Page:
    """One request for features, understood."""

    request: HttpRequest
    it: Asking
    query: Query
    columns: tuple[Column, ...]
    reference: Reference
    form: str


def items(request: HttpRequest, key: str) -> HttpResponseBase:
    """Features, in the form wanted."""
    asked = parameters.items(request.GET)
    form = formats.wanted(request, formats.ITEMS)
    it = asking(request, asked.when)
    whole = it.layer(key)
    parameters.check(request.GET, (*parameters.ITEMS, *(column.name for column in parameters.queryables(whole))))
    query = it.query(
        key,
        bbox=asked.bbox,
        filter=parameters.condition(request.GET, whole),
        sort=parameters.sort(request.GET, whole),
        limit=LIMITS.get(form) if asked.limit is None else asked.limit,
        offset=asked.offset,
    )
    # What cannot be asked is told before the first byte goes out.
    where(query)
    if request.method == "GET":
        exports.note(request.user, whole, query.reader, formats.ITEMS[form], request.GET.dict().items())
    columns = parameters.columns(request.GET, whole)
    return WRITERS[form](Page(request, it, query, columns, asked.reference, form))


def as_geojson(page: Page) -> HttpResponseBase:
    headers = {"Content-Crs": f"<{page.reference.uri}>"}
    blocks = collection(page) if page.request.method == "GET" else iter(())
    return StreamingHttpResponse(blocks, content_type=GEOJSON, headers=headers)


def collection(page: Page) -> Iterator[bytes]:
    query = page.query
    item = geojson.member(geojson.feature(query, page.reference, page.columns, pointed=True))
    with page.it.snapshot() as is_published:
        matched = count_of(query, is_published=is_published, when=page.it.view)
        returned = max(0, min(query.limit or matched, matched - query.offset))
        members = {
            "numberMatched": matched,
            "numberReturned": returned,
            "timeStamp": timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "links": links(page, matched, returned),
        }
        with closing(rows(query, item, returned)) as blocks:
            yield from geojson.collection(members, blocks)


def links(page: Page, matched: int, returned: int) -> list[Link]:
    """The page itself and in other forms, its neighbours, and the collection it is of."""
    request, query = page.request, page.query
    limit, offset, form = query.limit or returned, query.offset, formats.ITEMS[page.form]
    found = [
        *forms(request, page.form, formats.ITEMS),
        link("collection", address(request, "collection", query.layer.key), JSON),
    ]
    if returned and offset + returned < matched:
        found.append(link("next", changed(request, offset=offset + returned, limit=limit), form))
    if offset:
        before = max(0, min(offset, matched) - limit)
        found.append(link("prev", changed(request, offset=before, limit=min(limit, offset)), form))
    return found


def as_csv(page: Page) -> HttpResponseBase:
    """Everything asked for, with its shape as well-known text, x before y."""
    shape = well_known(page.query, page.reference.srid, page.reference.decimals)
    return taken_away(page, csv(page.query, page.columns, shape), "text/csv; charset=utf-8", ".csv")


def as_file(page: Page) -> HttpResponseBase:
    """Everything asked for, in the reference system asked for, as GDAL writes it: x before y."""
    form = FILES[page.form]
    blocks = file([Taken(page.query, page.columns, page.reference.srid)], form)
    return taken_away(page, blocks, form.media_type, form.suffix)


def taken_away(page: Page, source: Generator[bytes, None, None], type: str, suffix: str) -> HttpResponseBase:
    def blocks() -> Iterator[bytes]:
        with page.it.snapshot(), closing(source):
            yield from source

    body = blocks() if page.request.method == "GET" else iter(())
    response = StreamingHttpResponse(body, content_type=type)
    response["Content-Disposition"] = f'attachment; filename="{page.query.layer.key}{suffix}"'
    return response


def as_page(page: Page) -> HttpResponseBase:
    """A table for people, with a small map."""
    with page.it.snapshot() as is_published:
        matched = count_of(page.query, is_published=is_published, when=page.it.view)
        found = pages.features_of(page.query)
    return pages.items(page.request, page.query, page.columns, found, matched, links(page, matched, len(found)))


FILES = {"fgb": export.FLATGEOBUF, "gpkg": export.GEOPACKAGE}
# Whoever takes a file away wants all of it.
LIMITS = {"json": parameters.LIMIT_DEFAULT, "html": parameters.PAGE_LIMIT}
WRITERS: dict[str, Callable[[Page], HttpResponseBase]] = {
    "json": as_geojson,
    "html": as_page,
    "csv": as_csv,
    "fgb": as_file,
    "gpkg": as_file,
}


def item(request: HttpRequest, key: str, id: str) -> HttpResponseBase:
    """One feature."""
    parameters.check(request.GET, parameters.ITEM)
    form = formats.wanted(request, formats.ITEM)
    reference = parameters.reference(request.GET, "crs")
    it = asking(request, interval(request.GET.get("datetime", ""), "datetime"))
    query = one(it, key, id)
    columns = parameters.columns(request.GET, query.layer)
    with it.snapshot():
        state = tags.state_of(it, query)
        if state is None:
            raise missing(id)
        tag = tags.tag(request, it, query, state)
        if tags.is_known(request, tag):
            return HttpResponse(status=304, headers={"ETag": tag})
        if form == "html":
            response = pages.item(request, query.layer, pages.features_of(query)[0], item_links(request, key, form))
        else:
            headers = {"Content-Crs": f"<{reference.uri}>", "ETag": tag}
            response = HttpResponse(written(request, query, reference, columns), content_type=GEOJSON, headers=headers)
    # A snapshot is for reading only.
    given = [("id", id), *request.GET.dict().items()]
    exports.note(request.user, query.layer, query.reader, formats.ITEM[form], given)
    return response


def one(it: Asking, key: str, id: str) -> Query:
    """The question for one feature; what cannot be an identifier names none."""
    it.layer(key)
    try:
        return it.query(key, ids=(UUID(id),))
    except ValueError:
        raise missing(id) from None


def missing(id: str) -> NotFound:
    return NotFound(_("There is no feature “%(id)s”.") % {"id": id[:120]}, locator="featureId")


def written(request: HttpRequest, query: Query, reference: Reference, columns: tuple[Column, ...]) -> bytes:
    """The feature as GeoJSON; to be read within its snapshot."""
    found = b"".join(stream(select(query, geojson.feature(query, reference, columns, pointed=True))))
    own = item_links(request, query.layer.key, "json")
    return b'%s,"links":%s}' % (found.rstrip(), json.dumps(own, ensure_ascii=False).encode())


def item_links(request: HttpRequest, key: str, form: str) -> list[Link]:
    return [
        *forms(request, form, formats.ITEM),
        link("collection", address(request, "collection", key), JSON),
    ]
