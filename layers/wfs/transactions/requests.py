"""What a client wants done to features, whatever version and encoding it came in; the catalogue is not asked.

Features and values stay elements here: what they are is known only beside the layer that they are written to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from lxml import etree

from layers.crs import Reference
from layers.wfs.requests import AdHocQuery, GetFeature, QueryExpression, Request

Naming = Literal["GenerateNew", "UseExisting", "ReplaceDuplicate"]


@dataclass(frozen=True, kw_only=True)
class Action:
    """One element of a transaction. `number` is its place in it, from 1 on; `handle` what the client calls it.

    `reference` is the system of geometries that name none themselves.
    """

    number: int = 1
    handle: str = ""
    reference: Reference | None = None


@dataclass(frozen=True, kw_only=True)
class Insert(Action):
    features: tuple[etree._Element, ...]
    naming: Naming = "GenerateNew"


@dataclass(frozen=True)
class Change:
    """`name` is the local name of a property, with `gml:` before those of GML; `value` None makes it NULL."""

    name: str
    value: etree._Element | None


@dataclass(frozen=True, kw_only=True)
class Update(Action):
    query: AdHocQuery
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class Replace(Action):
    query: AdHocQuery
    feature: etree._Element


@dataclass(frozen=True, kw_only=True)
class Delete(Action):
    query: AdHocQuery


@dataclass(frozen=True, kw_only=True)
class Transaction(Request):
    """`lock_id` names a lock that is then released: whole, or as far as its features were changed."""

    actions: tuple[Action, ...] = ()
    lock_id: str = ""
    release_all: bool = True


@dataclass(frozen=True, kw_only=True)
class LockFeature(Request):
    """`lasts` None is the version's own; `whole`: all features or none. `lock_id` names a lock to be begun anew."""

    queries: tuple[QueryExpression, ...] = ()
    lasts: timedelta | None = None
    whole: bool = True
    lock_id: str = ""


@dataclass(frozen=True, kw_only=True)
class GetFeatureWithLock(GetFeature):
    lasts: timedelta | None = None
    whole: bool = True
