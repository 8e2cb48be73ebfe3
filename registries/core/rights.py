"""Who may do what: the one place every door, page and protocol asks.

A person's rights are the union of their grants. A grant without a zone counts everywhere, one with a zone there only,
an operator's
for one network. Whoever is not signed in sees what is public and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from registries.core.models import Audience, Role, User

SEES = {
    Role.VIEWER: Audience.PARTNER,
    Role.OPERATOR: Audience.PARTNER,
    Role.EDITOR: Audience.INTERNAL,
    Role.REVIEWER: Audience.INTERNAL,
    Role.ADMINISTRATOR: Audience.INTERNAL,
    Role.ADVISER: Audience.PARTNER,
    # Says only how what one may edit anyway is published.
    Role.PUBLISHER: Audience.PUBLIC,
}
EDITS = frozenset({Role.EDITOR, Role.ADMINISTRATOR})
REVIEWS = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})
# Who answers the enquiries of investors.
ADVISES = frozenset({Role.ADVISER, Role.ADMINISTRATOR})
# Whoever can make something published: they prove a second factor where the installation asks for one.
DECIDES = REVIEWS | {Role.PUBLISHER}


@dataclass(frozen=True)
class Place:
    """Where a right is asked for: the zone and network of a thing; None where it belongs to none."""

    zone_id: UUID | None = None
    network_id: UUID | None = None


@dataclass(frozen=True)
class Rights:
    everywhere: frozenset[str] = frozenset()
    by_zone: dict[UUID, frozenset[str]] = field(default_factory=dict)
    operated: frozenset[UUID] = frozenset()

    def roles_at(self, place: Place) -> frozenset[str]:
        """The roles that count at `place`."""
        roles = self.everywhere
        if place.zone_id is not None:
            roles |= self.by_zone.get(place.zone_id, frozenset())
        if place.network_id is not None and place.network_id in self.operated:
            roles |= {Role.OPERATOR}
        return roles

    def may_edit(self, places: Iterable[Place]) -> bool:
        return all(self.roles_at(place) & (EDITS | {Role.OPERATOR}) for place in places)

    def may_review(self, places: Iterable[Place]) -> bool:
        return all(self.roles_at(place) & REVIEWS for place in places)

    def may_publish_directly(self, places: Iterable[Place]) -> bool:
        """Whether own edits there need no second person; only where the installation allows it."""
        return bool(settings.DIRECT_PUBLISH) and all(Role.PUBLISHER in self.roles_at(place) for place in places)

    def is_staff_somewhere(self) -> bool:
        """Whether the person edits or reviews anything at all."""
        roles = self.everywhere.union(*self.by_zone.values())
        return bool(self.operated or roles & (EDITS | REVIEWS))

    def advised_zones(self) -> frozenset[UUID] | None:
        """The zones whose investors the person answers; None means all, those still to come included."""
        if self.everywhere & ADVISES:
            return None
        return frozenset(zone for zone, roles in self.by_zone.items() if roles & ADVISES)

    def advises_somewhere(self) -> bool:
        zones = self.advised_zones()
        return zones is None or bool(zones)

    @property
    def audience(self) -> Audience:
        """What is seen in every zone: the level for columns and layers, which are not tied to one zone."""
        return max((SEES[Role(role)] for role in self.everywhere), default=Audience.PUBLIC)

    def audience_at(self, place: Place) -> Audience:
        """What is seen at one place; an operator sees all of the own network."""
        if place.network_id is not None and place.network_id in self.operated:
            return Audience.INTERNAL
        return max((SEES[Role(role)] for role in self.roles_at(place)), default=Audience.PUBLIC)


NOBODY = Rights()


def rights_of(user: User | AnonymousUser | None) -> Rights:
    """The rights of `user`, read once and kept on the object for the request; inactive people have none."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    known: Rights | None = getattr(user, "_registry_rights", None)
    if known is None:
        known = _read(user)
        user._registry_rights = known  # type: ignore[attr-defined]
    return known


def _read(user: User) -> Rights:
    everywhere: set[str] = set()
    by_zone: dict[UUID, set[str]] = defaultdict(set)
    operated: set[UUID] = set()
    for grant in user.grants.all():
        if grant.network_id is not None:
            operated.add(grant.network_id)
        elif grant.zone_id is not None:
            by_zone[grant.zone_id].add(grant.role)
        else:
            everywhere.add(grant.role)
    zones = {zone: frozenset(roles) for zone, roles in by_zone.items()}
    return Rights(frozenset(everywhere), zones, frozenset(operated))
