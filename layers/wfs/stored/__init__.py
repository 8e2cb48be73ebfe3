"""Stored queries (OGC 09-025r2, 14): those that every service has, and those that people who edit have made."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from layers.models import StoredQuery
from layers.wfs.caller import Caller
from layers.wfs.requests import AdHocQuery, QueryExpression
from layers.wfs.stored import definitions
from layers.wfs.stored.builtin import BUILT_IN
from registries.core.errors import BadInput


def expand(query: QueryExpression, caller: Caller) -> list[AdHocQuery]:
    """The queries that a stored query stands for; what the call names besides holds for those that name none."""
    if isinstance(query, AdHocQuery):
        return [query]
    known = BUILT_IN.get(query.id)
    if known is not None:
        return [known.query(query)]
    kept = StoredQuery.objects.filter(identifier=query.id[:255]).first()
    if kept is None:
        raise unknown(query.id)
    return [
        replace(one, reference=one.reference or query.reference, when=one.when or query.when)
        for one in definitions.queries(definitions.parsed(kept.document), query)
    ]


def unknown(id: str, locator: str = "storedQuery_Id") -> BadInput:
    return BadInput(
        _("There is no stored query “%(id)s”.") % {"id": id[:120]},
        locator=locator,
        hint=_("Use one of: %(names)s.") % {"names": ", ".join(BUILT_IN)},
    )
