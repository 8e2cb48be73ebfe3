"""Transactions and locks, registered with the operations of the service: how they are read, and how they are done."""

from __future__ import annotations

from layers.wfs import kvp, xml
from layers.wfs.caller import Caller
from layers.wfs.operations import Answer, document, perform
from layers.wfs.transactions import answers, lock_requests, locking, performing
from layers.wfs.transactions.kvp import transaction as in_pairs
from layers.wfs.transactions.requests import Transaction
from layers.wfs.transactions.xml import transaction as in_xml

__all__ = ["locking"]

kvp.OPERATIONS.update(
    {
        "transaction": in_pairs,
        "lockfeature": lock_requests.lock_in_pairs,
        "getfeaturewithlock": lock_requests.with_lock_in_pairs,
    }
)
xml.OPERATIONS.update(
    {
        "Transaction": in_xml,
        "LockFeature": lock_requests.lock_in_xml,
        "GetFeatureWithLock": lock_requests.with_lock_in_xml,
    }
)


@perform.register
def _transaction(request: Transaction, caller: Caller) -> Answer:
    person = caller.writer()
    return document(answers.transaction(performing.carry_out(request, person, caller.catalogue())))
