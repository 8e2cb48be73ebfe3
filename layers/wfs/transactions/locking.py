"""LockFeature and GetFeatureWithLock: what a query finds becomes one person's for a while (OGC 09-025r2, 12 and 13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from layers.moment import View, When, seen
from layers.query import Query, feature_id, select
from layers.wfs import features
from layers.wfs.caller import Caller
from layers.wfs.exceptions import OptionNotServed
from layers.wfs.features import Prepared
from layers.wfs.operations import Answer, document, perform
from layers.wfs.output.found import Member
from layers.wfs.requests import GetFeature, Version
from layers.wfs.transactions import answers, held
from layers.wfs.transactions.requests import GetFeatureWithLock, LockFeature
from registries.changes.locks import LONGEST
from registries.changes.models import FeatureLock
from registries.core.errors import BadInput
from registries.core.models import User

# OGC 09-025r2, 12.2.4.3. Before 2.0.0 a lock without an expiry never ends; here it does, late.
DEFAULT: dict[Version, timedelta] = {"2.0.0": timedelta(seconds=300), "1.1.0": LONGEST, "1.0.0": LONGEST}


class Lockable(NamedTuple):
    """A feature that was found, with its identifier as clients know it."""

    registry: str
    id: UUID
    called: str


@perform.register
def _lock_feature(request: LockFeature, caller: Caller) -> Answer:
    person = caller.writer()
    if request.lock_id:
        lock = held.extended(person, request.lock_id, request.lasts)
        return document(answers.lock(request.version, str(lock.pk), [], []))
    prepared = unjoined(features.prepare(GetFeature(version=request.version, queries=request.queries), caller))
    queries = [member.query for members in prepared.queries for member in members]
    lock, found, ids = taken(person, request, queries, prepared.view)
    return document(
        answers.lock(
            request.version,
            str(lock.pk),
            [one.called for one in found if one.id in ids],
            [one.called for one in found if one.id not in ids],
        )
    )


@perform.register
def _get_feature_with_lock(request: GetFeatureWithLock, caller: Caller) -> Answer:
    """The features of the page asked for, as far as they could be locked."""
    person = caller.writer()
    prepared = unjoined(features.prepare(request, caller))
    if "gml" not in prepared.form.media_type:
        raise OptionNotServed(_("This format cannot tell the lock."), locator="outputFormat", hint=_("Ask for GML."))
    with transaction.atomic():
        with seen(prepared.view):
            page = features.found(prepared, False)
        queries = [member.query for result in page.results for member in result.members]
        lock, _found, ids = taken(person, request, queries, prepared.view)
    return features.answer(narrowed(prepared, ids), str(lock.pk))


def unjoined(prepared: Prepared) -> Prepared:
    """A join narrows no feature type by itself: all features of each would be locked."""
    if any(prepared.together):
        raise OptionNotServed(_("Joined features cannot be locked."), locator="typeNames")
    return prepared


def taken(
    person: User, request: LockFeature | GetFeatureWithLock, queries: Sequence[Query], view: View | None
) -> tuple[FeatureLock, list[Lockable], set[UUID]]:
    """The lock, all features that were to be locked, and those that are."""
    if isinstance(view, When):
        raise BadInput(_("Only what is current can be locked."), locator="filter")
    with transaction.atomic(), seen(view):
        found = list(dict.fromkeys(one for query in queries for one in lockable(query)))
        wanted: dict[str, list[UUID]] = defaultdict(list)
        for one in found:
            wanted[one.registry].append(one.id)
        lasts = DEFAULT[request.version] if request.lasts is None else request.lasts
        lock, ids = held.taken(person, wanted, lasts, whole=request.whole)
    return lock, found, ids


def lockable(query: Query) -> list[Lockable]:
    """The features of the query in its order."""
    items = sql.SQL("t.id, {}").format(feature_id(query))
    with connection.cursor() as cursor:
        cursor.execute(select(query, items))
        return [Lockable(query.layer.registry, id, called) for id, called in cursor.fetchall()]


def narrowed(prepared: Prepared, ids: set[UUID]) -> Prepared:
    """The same queries for these features alone, and all of them."""
    wanted = tuple(ids)
    queries = tuple(tuple(_narrowed(member, wanted) for member in members) for members in prepared.queries)
    return replace(prepared, request=replace(prepared.request, start_index=0, count=None), queries=queries)


def _narrowed(member: Member, ids: tuple[UUID, ...]) -> Member:
    return replace(member, query=replace(member.query, ids=ids))
