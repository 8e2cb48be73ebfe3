"""People of every kind around one change set of Olena's, and change sets in every state."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from registries.changes import door, links
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.errors import Conflict
from registries.core.models import RoleGrant, User
from registries.land.models import Zone
from tests.conftest import parcel, person, square

State = ChangeSet.State
DAY = timedelta(days=1)
numbers = count(1)


def granted(name: str, role: str, **where: object) -> User:
    user = person(name)
    RoleGrant.objects.create(user=user, role=role, **where)
    return user


def with_mail(user: User, email: str) -> User:
    user.email = email
    user.save(update_fields=["email"])
    return user


@dataclass
class World:
    zone: Zone
    author: User
    reviewer: User
    administrator: User
    others: dict[str, User]

    def outsider(self, change_set: ChangeSet) -> User:
        """The reviewer of a link to `change_set`, whatever its state."""
        link, _secret = links.make(self.administrator, change_set, "Външен експерт", "expert@example.org", DAY)
        return link.reviewer

    def people(self, change_set: ChangeSet) -> dict[str, User]:
        named = {"author": self.author, "reviewer": self.reviewer, "administrator": self.administrator}
        return {**named, **self.others, "link": self.outsider(change_set)}

    def draft(self, author: User | None = None) -> ChangeSet:
        """A draft that adds one parcel, beside those of all other drafts."""
        return door.propose(author or self.author, [self.addition()], title="Нов имот")

    def addition(self) -> Edit:
        number = next(numbers)
        column, row = number % 40, number // 40 % 40
        return parcel(f"73626.{number}.1", square(column * 25, row * 25, 20), self.zone.pk)

    def in_state(self, state: str, author: User | None = None) -> ChangeSet:
        """A change set that came into `state` by the door."""
        author = author or self.author
        if state == State.CONFLICTED:
            return self.conflicted(author)
        change_set = self.draft(author)
        if state == State.WITHDRAWN:
            return door.withdraw(author, change_set)
        if state != State.DRAFT:
            door.submit(author, change_set)
        if state == State.RETURNED:
            return door.reject(self.reviewer, change_set, "Не.")
        if state in (State.APPROVED, State.PUBLISHED):
            door.approve(self.reviewer, change_set, "Да.")
        if state == State.PUBLISHED:
            return door.publish(self.reviewer, change_set)
        change_set.refresh_from_db()
        return change_set

    def conflicted(self, author: User) -> ChangeSet:
        mine, theirs = (self.rename(author, f"{who} {next(numbers)}") for who in ("Мое", "Чуждо"))
        for one in (theirs, mine):
            door.submit(author, one)
        door.approve_and_publish(self.reviewer, theirs, "Да.")
        with suppress(Conflict):
            door.approve_and_publish(self.reviewer, mine, "Да.")
        mine.refresh_from_db()
        return mine

    def rename(self, author: User, name: str) -> ChangeSet:
        return door.propose(author, [Edit.update("land.zone", self.zone.pk, {"name": name})], title=name)
