"""Transactions in key-value pairs, of which there is Delete alone (OGC 09-025r2, 15.2.2; OGC 04-094, 14.7.6)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from layers.wfs.exceptions import MissingParameter, OptionNotServed
from layers.wfs.kvp import queries, version_of
from layers.wfs.parameters import Parameters
from layers.wfs.requests import AdHocQuery
from layers.wfs.transactions.requests import Delete, Transaction
from layers.wfs.transactions.xml import releases_all

CONDITIONS = ("filter", "bbox", "resourceId", "featureId")


def transaction(parameters: Parameters) -> Transaction:
    """The request that the pairs make; BadInput with the locator of what is wrong."""
    action = parameters.require("operation", "action")
    if action.lower() != "delete":
        raise OptionNotServed(
            _("Key-value pairs only delete."), locator="operation", hint=_("Send anything else as XML, by POST.")
        )
    if not parameters.get(*CONDITIONS):
        raise MissingParameter(
            _("The action names no features."),
            locator="filter",
            hint=_("Add a filter; features are never changed for want of one."),
        )
    version = version_of(parameters)
    asked = [query for query in queries(parameters, version) if isinstance(query, AdHocQuery)]
    return Transaction(
        version=version,
        actions=tuple(Delete(number=number, query=query) for number, query in enumerate(asked, start=1)),
        lock_id=parameters.get("lockId"),
        release_all=releases_all(parameters.get("releaseAction")),
    )
