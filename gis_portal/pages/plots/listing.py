"""Plots as a plain list: the map's equivalent for a screen reader, a printer, and a browser without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from psycopg import sql

from gis_portal.pages import values
from gis_portal.pages.reading import reading
from layers.catalogue import Catalogue, catalogue_at
from layers.layer import Layer
from layers.moment import When, asked
from layers.query import Query, Sort, csv, snapshot, where
from registries.land.models import PlotStatus

PER_PAGE = 100
# What can be had comes first.
ORDER = [*PlotStatus.values]
ORDER.insert(0, ORDER.pop(ORDER.index(PlotStatus.AVAILABLE)))


@dataclass(frozen=True)
class PlotLine:
    id: UUID
    code: str
    zone: str
    status: str
    status_label: str
    area: str
    permitted_use: str


class Plots:
    """The plots that the reader of `catalogue` may see, what is available first, then by zone and code."""

    def __init__(self, catalogue: Catalogue, status: str = "") -> None:
        self.layer = catalogue.get("plots")
        self.reader = catalogue.reader
        self.status = status

    def count(self) -> int:
        return self._rows(sql.SQL("count(*)"), sql.SQL(""))[0][0] if self.layer else 0

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[PlotLine]:
        if self.layer is None:
            return []
        items = sql.SQL("t.id, t.code, z.name, t.status, t.area_m2, t.permitted_use")
        order = sql.SQL(
            " ORDER BY array_position({}::text[], t.status::text), z.name, length(t.code), t.code, t.id"
            " LIMIT {} OFFSET {}"
        ).format(sql.Literal(ORDER), sql.Literal(part.stop - (part.start or 0)), sql.Literal(part.start or 0))
        label = cache(partial(_label, self.layer))
        return [
            PlotLine(id, code, zone, status, label("status", status), values.area(area_m2), label("permitted_use", use))
            for id, code, zone, status, area_m2, use in self._rows(items, order)
        ]

    def _rows(self, items: sql.Composable, order: sql.Composable) -> list[tuple[Any, ...]]:
        assert self.layer is not None
        status = sql.SQL("t.status = {}").format(sql.Literal(self.status)) if self.status else sql.SQL("TRUE")
        statement = sql.SQL("SELECT {} FROM {} JOIN land_zone z ON z.id = t.zone_id WHERE {} AND {}{}").format(
            items, self.layer.source, where(Query(layer=self.layer, reader=self.reader)), status, order
        )
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()


def _label(layer: Layer, name: str, code: str) -> str:
    column = layer.column(name)
    return values.code_label(layer, column, code) if column and code else ""


@require_safe
@gzip_page
def listing(request: HttpRequest) -> HttpResponse:
    with reading(request) as it:
        # Slices are all that a paginator asks for.
        pages: Paginator[PlotLine] = Paginator(Plots(it.catalogue), PER_PAGE)  # type: ignore[arg-type]
        page = pages.get_page(request.GET.get("page"))
        return render(request, "portal/plots.html", {"plots": page, "page": "plots", "reading": it})


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The whole list with all published columns, under the names that they have in the services.

    It tells nothing of when it was made: that of a past day is the file that was made on that day, to the byte.
    """
    when = asked(request.user, request.GET.get("at", ""))
    catalogue = catalogue_at(request.user, when)
    name = f"plots-{localdate(when.end if when else None).isoformat()}.csv"
    return StreamingHttpResponse(
        _csv(catalogue, when) if request.method == "GET" else (),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-cache"},
    )


def _csv(catalogue: Catalogue, when: When | None) -> Iterator[bytes]:
    layer = catalogue.get("plots")
    if layer is None:
        return
    by = tuple(Sort(column) for name in ("zone", "code") if (column := layer.column(name)))
    with snapshot(when), closing(csv(Query(layer=layer, reader=catalogue.reader, sort=by))) as blocks:
        yield from blocks


def plots_on_offer(catalogue: Catalogue, limit: int) -> list[PlotLine]:
    return Plots(catalogue, PlotStatus.AVAILABLE)[:limit]
