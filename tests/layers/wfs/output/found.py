"""What GetFeature found, made without a request, and what a writer makes of it."""

from __future__ import annotations

from layers import crs
from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.crs import Reference
from layers.query import Query, count, snapshot
from layers.wfs.links import Links
from layers.wfs.output.formats import Format
from layers.wfs.output.found import Found, Member, Result
from layers.wfs.output.page import Page
from layers.wfs.requests import Version
from registries.core.models import User

LINKS = Links.of("http://portal.example/ows/wfs", [])
OWN = crs.authority(7801)


def found(
    *keys: str,
    reference: Reference = OWN,
    version: Version = "2.0.0",
    person: User | None = None,
    hits: bool = False,
    limit: int | None = None,
    lock_id: str = "",
) -> Found:
    """All features of each layer, a result for each."""
    catalogue = catalogue_of(reader_of(person))
    results = []
    for key in keys:
        layer = catalogue.get(key)
        assert layer is not None
        query = Query(layer=layer, reader=catalogue.reader, limit=limit)
        matched = count(query)
        page = Page(matched, 0 if hits else min(matched, matched if limit is None else limit))
        results.append(Result((Member(query, layer.columns, True, reference),), page))
    total = Page(sum(one.page.matched for one in results), sum(one.page.returned for one in results))
    return Found(version, tuple(results), total, LINKS, lock_id, hits)


def written(form: Format, answer: Found) -> bytes:
    with snapshot():
        return b"".join(form.write(answer))
