"""Which features an action is about, as the person sees them at that point of the transaction.

Clients name features one by one, in as many actions: those identifiers are looked up once for the whole transaction.
A filter of another kind is asked when its action's turn comes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from psycopg import sql

from layers.catalogue import Catalogue
from layers.drafts import draft_of
from layers.filters.nodes import FeatureId, Ids
from layers.layer import Layer
from layers.moment import seen
from layers.query import Query, select
from layers.wfs.requests import AdHocQuery
from layers.wfs.resolving import bbox_of, layer_of, split_id
from registries.core.models import User
from registries.core.records import registry_model


@dataclass(frozen=True)
class Chosen:
    """One feature; `version` is the one that the client looked at, None where it does not say."""

    layer: Layer
    id: UUID
    version: int | None = None

    def __str__(self) -> str:
        return f"{self.layer.title} {self.id}"


class Selection:
    """`ids` are all that the transaction names one by one."""

    def __init__(self, person: User, catalogue: Catalogue, ids: Iterable[FeatureId]) -> None:
        self.person, self.catalogue = person, catalogue
        self._wanted: dict[str, set[UUID]] = defaultdict(set)
        for one in ids:
            if one.id is not None:
                self._wanted[one.key].add(one.id)
        self._present: dict[str, set[UUID]] = {}
        self._taken: dict[str, set[UUID]] = {}

    def of(self, query: AdHocQuery) -> list[Chosen]:
        """Those features of the query that there are."""
        ids = named(query)
        if ids is not None:
            return list(self._listed(query, ids))
        layer = layer_of(self.catalogue, *query.type_names)
        asked = Query(layer, self.catalogue.reader, bbox=bbox_of(query.bbox), filter=query.filter)
        return [Chosen(layer, one) for one in self._ask(asked)]

    def _listed(self, query: AdHocQuery, ids: tuple[FeatureId, ...]) -> Iterator[Chosen]:
        """A feature that is named twice is one; the first version counts."""
        layers = {key: layer_of(self.catalogue, key) for key in query.type_names or {one.key: None for one in ids}}
        for one in {one.id: one for one in reversed(ids)}.values():
            if one.id is not None and one.key in layers and one.id in self.present(layers[one.key]):
                yield Chosen(layers[one.key], one.id, one.version)

    def present(self, layer: Layer) -> set[UUID]:
        """Of the features that the transaction names, those that there are now."""
        if layer.key not in self._present:
            ids = tuple(self._wanted[layer.key])
            self._present[layer.key] = set(self._ask(Query(layer, self.catalogue.reader, ids=ids))) if ids else set()
        return self._present[layer.key]

    def is_taken(self, layer: Layer, id: UUID) -> bool:
        """Whether there is such an object, be it one that the person may not edit."""
        if layer.key not in self._taken:
            model = registry_model(layer.registry)
            with seen(draft_of(self.person)):
                found = model._base_manager.filter(pk__in=self._wanted[layer.key]).values_list("pk", flat=True)
                self._taken[layer.key] = set(found)
        return id in self._taken[layer.key] or id in self.present(layer)

    def versions(self, features: Iterable[tuple[Layer, UUID]]) -> dict[UUID, int]:
        """The versions of features as the person sees them now; 0 is drafted and not published yet."""
        wanted: dict[str, list[UUID]] = defaultdict(list)
        layers: dict[str, Layer] = {}
        for layer, id in features:
            wanted[layer.key].append(id)
            layers[layer.key] = layer
        found: dict[UUID, int] = {}
        for key, layer in layers.items():
            query = Query(layer, self.catalogue.reader, ids=tuple(wanted[key]))
            with seen(draft_of(self.person)), connection.cursor() as cursor:
                cursor.execute(select(query, sql.SQL("t.id, t.version")))
                found.update(cursor.fetchall())
        return found

    def _ask(self, query: Query) -> list[UUID]:
        with seen(draft_of(self.person)), connection.cursor() as cursor:
            cursor.execute(select(query, sql.SQL("t.id")))
            return [id for (id,) in cursor.fetchall()]


def named(query: AdHocQuery) -> tuple[FeatureId, ...] | None:
    """The features that are named one by one; None for a condition that has to be asked."""
    if query.resource_ids is not None:
        return tuple(map(split_id, query.resource_ids))
    return query.filter.ids if isinstance(query.filter, Ids) else None
