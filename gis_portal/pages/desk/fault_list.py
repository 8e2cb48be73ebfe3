"""Which faults of the published data somebody may see, which the address asks for, and how a page tells them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.http import urlencode

from gis_portal.pages import stored
from gis_portal.pages.desk.filters import THEME, number, uuid
from registries.core import faults
from registries.core.models import Audience, Fault, User, Waiver
from registries.core.records import Record, registries
from registries.core.rights import Place, Rights, rights_of
from registries.core.rules import RULES, Severity
from registries.core.waivers import in_published, is_accepted
from registries.land.models import Zone
from registries.networks.models import Asset, Link, Network, Node, Theme

ACCEPTED, EVERY = "accepted", "all"


def visible_to(person: User) -> QuerySet[Fault]:
    """The faults where the person sees what is internal: everywhere, in some zones, or in operated networks."""
    rights = rights_of(person)
    if rights.audience >= Audience.INTERNAL:
        return Fault.objects.all()
    zones = [zone for zone in rights.by_zone if rights.audience_at(Place(zone)) >= Audience.INTERNAL]
    there = Q(zone_id__in=zones)
    if rights.operated:
        there |= Q(registry=Network.registry(), object_id__in=rights.operated) | _in_networks(rights.operated)
    return Fault.objects.filter(there)


def _in_networks(networks: Any) -> Q:
    found = Q()
    for model in (Link, Node):
        found |= Q(registry=model.registry(), object_id__in=model.objects.filter(network__in=networks).values("pk"))
    return found


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what makes no sense in it is as if it was not there."""

    rule: str = ""
    severity: str = ""
    about: str = ""
    zone: str = ""
    # Empty: what nobody accepted yet.
    accepted: str = ""
    text: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        words = {name: query.get(name, "").replace("\x00", "").strip()[:200] for name in cls.__dataclass_fields__}
        known: dict[str, Any] = {
            "rule": RULES,
            "severity": [one.value for one in Severity],
            "about": [*registries(), *(THEME + theme for theme in Theme.values)],
            "accepted": [ACCEPTED, EVERY],
        }
        for name, values in known.items():
            if words[name] not in values:
                words[name] = ""
        if uuid(words["zone"]) is None:
            words["zone"] = ""
        return cls(**words)

    @property
    def is_asked(self) -> bool:
        return any(asdict(self).values())

    @property
    def items(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in asdict(self).items() if value]

    @property
    def query(self) -> str:
        return urlencode(self.items)

    @property
    def without_rule(self) -> str:
        return urlencode([(name, value) for name, value in self.items if name != "rule"])

    def apply(self, person: User, *, any_rule: bool = False) -> QuerySet[Fault]:
        found = visible_to(person)
        if self.rule and not any_rule:
            found = found.filter(code=self.rule)
        if self.severity:
            found = found.filter(severity=self.severity)
        if self.zone:
            found = found.filter(zone_id=self.zone)
        if self.accepted != EVERY:
            found = found.filter(is_accepted() if self.accepted == ACCEPTED else ~is_accepted())
        return self._worded(self._about(found))

    def _about(self, found: QuerySet[Fault]) -> QuerySet[Fault]:
        if self.about.startswith(THEME):
            return found.filter(_in_networks(Network.objects.filter(theme=self.about.removeprefix(THEME)).values("pk")))
        return found.filter(registry=self.about) if self.about else found

    def _worded(self, found: QuerySet[Fault]) -> QuerySet[Fault]:
        """By the name of the object, its identifier, or the words of the rule in the reader's language."""
        if not self.text:
            return found
        wanted = self.text.casefold()
        codes = [one.code for one in RULES.values() if wanted in f"{one.code} {one.words({})}".casefold()]
        words = Q(code__in=codes)
        for key, model in registries().items():
            named = _named(model, self.text)
            if named is not None:
                words |= Q(registry=key, object_id__in=named)
        identifier = uuid(self.text)
        return found.filter(words | Q(object_id=identifier) if identifier else words)


def _named(model: type[Record], text: str) -> Any:
    columns = {field.name for field in model._meta.concrete_fields} & set(stored.TITLES)
    words = Q()
    for column in columns:
        words |= Q(**{f"{column}__icontains": text})
    return model._base_manager.filter(words).values("pk") if columns else None


@dataclass(frozen=True)
class Told:
    """One fault as a page tells it."""

    fault: Fault
    text: str
    title: str
    registry: str
    zone: str
    waiver: Waiver | None
    may_accept: bool


def tell(person: User, found: list[Fault]) -> list[Told]:
    rights = rights_of(person)
    names, waivers = _names(found), _waivers(found)
    zones = {zone.pk: str(zone) for zone in Zone.objects.filter(pk__in={one.zone_id for one in found})}
    return [
        Told(
            fault=one,
            text=faults.text(one),
            title=names.get((one.registry, one.object_id), ""),
            registry=stored.registry_title(one.registry),
            zone=zones.get(one.zone_id, "") if one.zone_id else "",
            waiver=waivers.get((one.code, one.registry, one.object_id)),
            may_accept=may_accept(rights, one),
        )
        for one in found
    ]


def may_accept(rights: Rights, fault: Fault) -> bool:
    """Warnings in the published data are accepted by who decides on changes there."""
    is_warning = fault.severity == Severity.WARNS.value and fault.object_id is not None
    return is_warning and rights.may_review([Place(fault.zone_id)])


def _names(found: list[Fault]) -> dict[tuple[str, UUID | None], str]:
    """What people call the objects; one that is gone meanwhile has no name."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for one in found:
        if one.object_id is not None:
            wanted[one.registry].add(one.object_id)
    names: dict[tuple[str, UUID | None], str] = {}
    for registry, ids in wanted.items():
        model = registries()[registry]
        related = ["asset_type"] if issubclass(model, Asset) else []
        for row in model._base_manager.filter(pk__in=ids).prefetch_related(*related):
            names[registry, row.pk] = _called(row)
    return names


def _called(row: Record) -> str:
    return f"{row.asset_type} · {row.label or str(row.pk)[:8]}" if isinstance(row, Asset) else str(row)


def _waivers(found: list[Fault]) -> dict[tuple[str, str, UUID | None], Waiver]:
    about = in_published().filter(object_id__in={one.object_id for one in found if one.object_id})
    return {(one.code, one.registry, one.object_id): one for one in about.select_related("accepted_by").order_by("pk")}


def by_rule(person: User, asked: Asked) -> list[tuple[str, str, str, int]]:
    """(code, severity, words, number) of each rule that found something among what is asked for."""
    rows = asked.apply(person, any_rule=True).order_by("code").values_list("code", "severity")
    counted = rows.annotate(number=Count("pk"))
    told: dict[str, tuple[str, str, str, int]] = {}
    for code, severity, count in counted:
        before = told[code][3] if code in told else 0
        words = RULES[code].words(RULES[code].started()) if code in RULES else ""
        told[code] = (code, severity, words, before + count)
    return list(told.values())


def choices() -> dict[str, Any]:
    """What can be chosen from, as (value, words)."""
    lands = [key for key in registries() if key.startswith("land.")]
    return {
        "zones": [(str(one.pk), str(one)) for one in Zone.objects.order_by("name")],
        "abouts": [
            *((key, stored.registry_title(key)) for key in lands),
            *((THEME + value, stored.capital(str(label))) for value, label in Theme.choices),
        ],
    }


def chosen(texts: list[str]) -> list[int]:
    """The ticked faults of a form; what is no number is none."""
    return [found for found in map(number, texts) if found is not None]
