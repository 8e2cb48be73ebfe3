"""GetFeature: what is asked for is resolved at once, then counted and streamed within one snapshot of the registry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from layers import joins
from layers.known import count_of
from layers.moment import View, When
from layers.query import select, snapshot, stream
from layers.wfs import names, paging, stored
from layers.wfs.caller import Caller
from layers.wfs.exceptions import OptionNotServed
from layers.wfs.operations import Answer, perform
from layers.wfs.output.formats import Format, format_of
from layers.wfs.output.found import Found, Member, Result, Together
from layers.wfs.output.page import Page
from layers.wfs.requests import AdHocQuery, GetFeature, StoredCall
from layers.wfs.resolving import expanded, joined, members
from registries.core.errors import BadInput, NotFound

Members = tuple[Member, ...]
# How long the tuples of a join may take to be counted.
JOIN_MOST_S = 20
JOIN_MOST_TUPLES = 200_000


@dataclass(frozen=True)
class Prepared:
    """A request whose names have all been found. `queries` are the members of each, `together` says of each that is a
    join what joins them; `view` is what is spoken of.
    """

    request: GetFeature
    caller: Caller
    view: View | None
    form: Format
    queries: tuple[Members, ...]
    together: tuple[Together | None, ...]

    @property
    def results(self) -> tuple[Result, ...]:
        """Before anything is counted."""
        return tuple(
            Result(query, Page(0, 0), joined) for query, joined in zip(self.queries, self.together, strict=True)
        )


@perform.register
def _get_feature(request: GetFeature, caller: Caller) -> Answer:
    if not is_lone(request):
        return answer(prepare(request, caller))
    try:
        prepared = prepare(request, caller)
    except NotFound as error:
        raise NotFound(error.message, locator="ID") from None
    return answer(prepared) if prepared.form.alone is None else alone(prepared)


def prepare(request: GetFeature, caller: Caller) -> Prepared:
    """Everything that can be wrong with the request is found here."""
    form = format_of(request.output_format, request.version)
    queries = [one for query in request.queries for one in stored.expand(query, caller)]
    view = paging.view_of(request.as_of, caller) if request.as_of else caller.view(time_of(queries))
    catalogue = caller.catalogue(view)
    asked = [one for query in queries for one in expanded(query, catalogue)]
    found = tuple(members(one, catalogue, form, versioned=caller.is_edit) for one in asked)
    together = tuple(joined(one, of_one) for one, of_one in zip(asked, found, strict=True))
    prepared = Prepared(request, caller, view, form, found, together)
    form.require(prepared.results)
    return prepared


def time_of(queries: Sequence[AdHocQuery]) -> When | None:
    """The one time that all queries speak of: an answer is of one state of the registry."""
    times = list(dict.fromkeys(query.when for query in queries))
    if len(times) > 1:
        raise BadInput(_("All queries of a request speak of the same time."), locator="filter")
    return times[0]


def answer(prepared: Prepared, lock_id: str = "") -> Answer:
    """The answer as a stream; `lock_id` is told with it."""

    def body() -> Iterator[bytes]:
        with snapshot(prepared.view) as is_published:
            yield from prepared.form.write(replace(found(prepared, is_published), lock_id=lock_id))

    file_name = prepared.form.file_name(prepared.results, timezone.localdate())
    return Answer(prepared.form.media_type, body(), file_name, **downloads(prepared))


def downloads(prepared: Prepared) -> dict[str, Any]:
    """What the audit has to know of an answer."""
    members = [member for query in prepared.queries for member in query]
    layers = () if prepared.request.hits else tuple(member.query.layer for member in members)
    return {"downloads": layers, "reader": members[0].query.reader}


def found(prepared: Prepared, is_published: bool) -> Found:
    """How many features each query finds, and which of them are on the page asked for: the page is one of all results
    in a row (OGC 09-025r2, 7.6.3.5).
    """
    request = prepared.request
    skip = request.start_index
    limit = names.COUNT_DEFAULT if request.count is None else request.count
    left, results, matched = limit, [], 0
    for result in prepared.results:
        of_query = counted(result, is_published, prepared.view)
        returned = 0 if request.hits else max(0, min(left, of_query - skip))
        results.append(windowed(result, Page(of_query, returned), min(skip, of_query)))
        skip, left, matched = max(0, skip - of_query), left - returned, matched + of_query
    if not request.hits:
        check_size(results)
    page = paging.page_of(prepared.request, limit, matched, prepared.caller, prepared.view)
    return Found(request.version, tuple(results), page, prepared.caller.links, hits=request.hits)


def counted(result: Result, is_published: bool, view: View | None) -> int:
    """Counting a join may take any time, if what joins is no question of an index: it is given up then."""
    if not result.is_join:
        return count_of(result.members[0].query, is_published=is_published, when=view)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{JOIN_MOST_S}s"])
        number = joins.count(result.join([sql.SQL("NULL")] * len(result.members)))
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    return number


def check_size(results: Sequence[Result]) -> None:
    """All tuples are put in order before the first is written."""
    if any(result.is_join and result.page.matched > JOIN_MOST_TUPLES for result in results):
        raise OptionNotServed(
            _("The join finds more than %(most)d combinations.") % {"most": JOIN_MOST_TUPLES},
            locator="filter",
            hint=_("Ask for less at once."),
        )


def windowed(result: Result, page: Page, offset: int) -> Result:
    if result.together is not None:
        return replace(result, page=page, together=replace(result.together, offset=offset))
    (member,) = result.members
    query = replace(member.query, limit=page.returned, offset=offset)
    return replace(result, members=(replace(member, query=query),), page=page)


def is_lone(request: GetFeature) -> bool:
    """Whether the answer is the feature itself, not a collection (OGC 09-025r2, 7.9.3.6)."""
    (query, *others) = request.queries
    return isinstance(query, StoredCall) and query.id in names.STORED_QUERIES and not others and not request.hits


def alone(prepared: Prepared) -> Answer:
    ((member,),) = prepared.queries
    assert prepared.form.alone is not None
    item = prepared.form.alone(member, prepared.caller.links)
    with snapshot(prepared.view):
        content = b"".join(stream(select(member.query, item)))
    if not content:
        raise NotFound(_("There is no feature of this identifier."), locator="ID")
    return Answer(prepared.form.media_type, iter([content]), **downloads(prepared))
