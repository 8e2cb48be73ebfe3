"""What written values refer to by name: zones and plots by their code, networks by their name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from layers.access import Reader
from layers.layer import Column, Layer
from layers.writing.wishes import Wish
from registries.core.errors import BadInput
from registries.core.records import registry_model
from registries.networks.models import Network

SHOWN = 20


@dataclass(frozen=True)
class Named:
    """A record that values refer to, with the zone in which it lies; one that is only drafted is not published."""

    id: UUID
    zone: UUID | None
    is_published: bool


class References:
    """All that the values of some wishes refer to, asked once for each registry."""

    def __init__(self, wishes: Iterable[Wish], reader: Reader) -> None:
        self.reader = reader
        self._texts: dict[tuple[str, str], set[str]] = defaultdict(set)
        for wish in wishes:
            for column in wish.layer.columns:
                if column.writes and column.writes.registry and wish.values.get(column.name) is not None:
                    self._texts[column.writes.registry, column.writes.by].add(str(wish.values[column.name]).strip())
        self._found = {key: self._read(*key, texts) for key, texts in self._texts.items()}

    @staticmethod
    def _read(registry: str, by: str, texts: set[str]) -> dict[str, list[Named]]:
        model = registry_model(registry)
        found: dict[str, list[Named]] = defaultdict(list)
        # PostgreSQL takes no NUL in a text: nothing has such a name.
        texts = {text for text in texts if "\0" not in text}
        rows = model._base_manager.filter(**{f"{by}__in": texts}).values_list(by, "pk", model.zone_path, "version")
        for text, pk, zone, version in rows:
            found[text].append(Named(pk, zone, version > 0))
        return found

    @cached_property
    def networks(self) -> dict[UUID, Network]:
        """Every network; there are few."""
        return {one.pk: one for one in Network.objects.defer("standard_properties")}

    def networks_of(self, layer: Layer) -> list[Network]:
        """Those that the person edits and that may hold assets of the layer."""
        known = (self.networks[pk] for pk in self.reader.networks if pk in self.networks)
        return sorted((one for one in known if one.theme == layer.theme), key=lambda one: one.name)

    def find(self, layer: Layer, column: Column, text: str) -> UUID:
        """The record that `text` names; BadInput says which there are."""
        writes = column.writes
        assert writes is not None, "Only columns that refer to something are looked up."
        named = self._found.get((writes.registry, writes.by), {}).get(text, [])
        found = [one for one in named if self._fits(one, layer, writes.registry)]
        # A drafted copy of the same name does not make the published one doubtful.
        found = [one for one in found if one.is_published] or found
        if len(found) == 1:
            return found[0].id
        if found:
            raise BadInput(
                _("“%(text)s” is the name of several.") % {"text": text[:60]},
                locator=column.name,
                hint=_("Give them different names first."),
            )
        raise BadInput(
            _("There is no “%(text)s” here.") % {"text": text[:60]},
            locator=column.name,
            hint=_("Use one of: %(known)s.") % {"known": self._known(layer, writes.registry, writes.by)},
        )

    def _fits(self, one: Named, layer: Layer, registry: str) -> bool:
        if registry == Network.registry():
            return one.id in self.networks and self.networks[one.id].theme == layer.theme
        return registry == "land.zone" or self.reader.zones is None or one.zone in self.reader.zones

    def _known(self, layer: Layer, registry: str, by: str) -> str:
        if registry == Network.registry():
            names = [one.name for one in self.networks_of(layer)]
        else:
            rows: Any = registry_model(registry)._base_manager.all()
            if self.reader.zones is not None:
                rows = rows.filter(**{f"{registry_model(registry).zone_path}__in": self.reader.zones})
            names = list(rows.order_by(by).values_list(by, flat=True)[: SHOWN + 1])
        return ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "") or "–"

    def only_network(self, layer: Layer) -> UUID:
        """The network of an asset for which none was given."""
        possible = self.networks_of(layer)
        if len(possible) == 1:
            return possible[0].pk
        raise BadInput(
            _("Say which network it belongs to."),
            locator="network",
            hint=_("Use one of: %(known)s.") % {"known": ", ".join(one.name for one in possible[:SHOWN]) or "–"},
        )
