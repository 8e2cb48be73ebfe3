"""What somebody is to one change set: its author, a reviewer of all its places, an outside reviewer with a link.

Deeds look where the objects lie now; buttons and lists read the places that were kept when the items last changed.
"""

from __future__ import annotations

from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from registries.changes import items, links, states
from registries.changes.models import ChangePlace, ChangeSet
from registries.core.models import Audience, Role, User
from registries.core.rights import EDITS, REVIEWS, Place, Rights, rights_of

Person = User | AnonymousUser | None


class Standing:
    """Worked out piece by piece, as a step asks for it: where a large change set lies takes a second to find."""

    def __init__(self, actor: Person, change_set: ChangeSet, live: bool = True) -> None:
        self.actor = actor if isinstance(actor, User) else None
        self.change_set = change_set
        self.live = live

    @cached_property
    def is_author(self) -> bool:
        return self.actor is not None and self.actor.is_active and self.change_set.author_id == self.actor.pk

    @cached_property
    def rights(self) -> Rights:
        return rights_of(self.actor)

    @cached_property
    def places(self) -> set[Place]:
        """Where its objects lie; for deeds now, and where they lay when it was submitted, should they be gone. What
        lies nowhere asks for a right that counts everywhere.
        """
        found = items.places(self.change_set, items.touched(self.change_set)) if self.live else set()
        if not self.live or self.change_set.state not in states.EDITABLE:
            found |= {Place(one.zone_id, one.network_id) for one in self.change_set.places.all()}
        return found or {Place()}

    @cached_property
    def may_edit(self) -> bool:
        return self.rights.is_staff_somewhere() and self.rights.may_edit(self.places)

    @cached_property
    def may_review(self) -> bool:
        return self.rights.is_staff_somewhere() and self.rights.may_review(self.places)

    @cached_property
    def may_administer(self) -> bool:
        return self.rights.is_staff_somewhere() and administers(self.rights, self.places)

    @cached_property
    def has_link(self) -> bool:
        """An outside reviewer decides on what is submitted, as long as whoever named them could."""
        if self.actor is None or self.change_set.state != ChangeSet.State.SUBMITTED:
            return False
        link = links.held(self.actor, self.change_set)
        return link is not None and administers(rights_of(link.named_by), self.places)

    @cached_property
    def sees(self) -> bool:
        return may_see(self.actor, self.change_set)


def administers(rights: Rights, places: set[Place]) -> bool:
    return all(Role.ADMINISTRATOR in rights.roles_at(place) for place in places)


def visible_to(user: Person) -> QuerySet[ChangeSet]:
    """The author's own, those at places where the person edits or reviews, and all for who sees internal matters
    everywhere; for an outside reviewer the one of the link.
    """
    if not isinstance(user, User):
        return ChangeSet.objects.none()
    if not user.is_active:
        return ChangeSet.objects.filter(Exists(links.valid().filter(reviewer=user, change_set=OuterRef("pk"))))
    rights = rights_of(user)
    if rights.audience == Audience.INTERNAL:
        return ChangeSet.objects.all()
    zones = [zone for zone, roles in rights.by_zone.items() if roles & (EDITS | REVIEWS)]
    here = Q(zone_id__in=zones) | Q(network_id__in=rights.operated)
    places = ChangePlace.objects.filter(here, change_set=OuterRef("pk"))
    return ChangeSet.objects.filter(Q(author=user) | Exists(places))


def may_see(user: Person, change_set: ChangeSet) -> bool:
    return visible_to(user).filter(pk=change_set.pk).exists()


def possible(user: Person, change_set: ChangeSet) -> list[str]:
    """The names of the steps that this person could take now."""
    standing = Standing(user, change_set, live=False)
    return [
        name
        for name, transition in states.TRANSITIONS.items()
        if change_set.state in transition.sources and states.allowed(transition, standing)
    ]


def keep_places(change_set: ChangeSet, found: set[Place], *, whole: bool) -> None:
    """Note where the change set's objects lie: all of it (`whole`), or some more."""
    rows = [ChangePlace(change_set=change_set, zone_id=one.zone_id, network_id=one.network_id) for one in found]
    if whole:
        change_set.places.all().delete()
    ChangePlace.objects.bulk_create(rows, ignore_conflicts=True)
