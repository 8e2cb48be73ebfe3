"""Which change sets the address asks for. Everything is in the address, so that a list can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.http import urlencode

from gis_portal.pages import stored
from gis_portal.pages.desk import shelves
from registries.changes import door
from registries.changes.models import ChangeItem, ChangePlace, ChangeSet
from registries.core.models import User
from registries.core.records import registries
from registries.land.models import Zone
from registries.networks.models import Network, Theme

# The `about` of the address is a registry or a theme of networks.
THEME = "theme:"


@dataclass(frozen=True)
class Filters:
    """What was asked for; what makes no sense in the address is as if it was not there."""

    list: str = ""
    state: str = ""
    author: str = ""
    zone: str = ""
    about: str = ""
    text: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> Filters:
        words = {name: query.get(name, "").replace("\x00", "").strip() for name in cls.__dataclass_fields__}
        known: dict[str, Any] = {
            "list": shelves.SHELVES,
            "state": ChangeSet.State.values,
            "about": [*registries(), *(THEME + theme for theme in Theme.values)],
        }
        for name, values in known.items():
            if words[name] not in values:
                words[name] = ""
        for name, read in {"since": day, "until": day, "zone": uuid, "author": number}.items():
            if read(words[name]) is None:
                words[name] = ""
        return cls(**words)

    @property
    def is_asked(self) -> bool:
        return any(asdict(self).values())

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in asdict(self).items() if value})

    def apply(self, person: User) -> QuerySet[ChangeSet]:
        found = shelves.SHELVES[self.list or "all"](person)
        if self.state:
            found = found.filter(state=self.state)
        if self.author:
            found = found.filter(author=number(self.author))
        if self.zone:
            found = found.filter(Exists(ChangePlace.objects.filter(change_set=OuterRef("pk"), zone_id=self.zone)))
        return self._dated(self._worded(self._about(found)))

    def _about(self, found: QuerySet[ChangeSet]) -> QuerySet[ChangeSet]:
        if self.about.startswith(THEME):
            networks = Network.objects.filter(theme=self.about.removeprefix(THEME)).values("pk")
            there = ChangePlace.objects.filter(change_set=OuterRef("pk"), network_id__in=networks)
            return found.filter(Exists(there))
        if self.about:
            return found.filter(Exists(ChangeItem.objects.filter(change_set=OuterRef("pk"), registry=self.about)))
        return found

    def _worded(self, found: QuerySet[ChangeSet]) -> QuerySet[ChangeSet]:
        if not self.text:
            return found
        columns = ("title", "reason", "legal_act", "legal_number")
        words = Q()
        for column in columns:
            words |= Q(**{f"{column}__icontains": self.text})
        digits = number(self.text.removeprefix("#"))
        return found.filter(words | Q(pk=digits) if digits is not None else words)

    def _dated(self, found: QuerySet[ChangeSet]) -> QuerySet[ChangeSet]:
        if self.since:
            found = found.filter(created_at__date__gte=day(self.since))
        if self.until:
            found = found.filter(created_at__date__lte=day(self.until))
        return found

    def choices(self, person: User) -> dict[str, Any]:
        """What can be chosen from, as (value, words)."""
        authors = User.objects.filter(pk__in=door.visible_to(person).order_by().values("author"))
        lands = [key for key in registries() if key.startswith("land.")]
        return {
            "states": [(value, stored.capital(str(label))) for value, label in ChangeSet.State.choices],
            "authors": sorted(((str(one.pk), one.called) for one in authors), key=lambda one: one[1]),
            "zones": [(str(one.pk), str(one)) for one in Zone.objects.order_by("name")],
            "abouts": [
                *((key, stored.registry_title(key)) for key in lands),
                *((THEME + value, stored.capital(str(label))) for value, label in Theme.choices),
            ],
        }


def day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None
