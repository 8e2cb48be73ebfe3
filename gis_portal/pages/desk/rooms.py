"""Which rooms of the desk somebody finds open: change sets for those who edit or review, enquiries for advisers."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from registries.core.models import User
from registries.core.rights import rights_of


@dataclass(frozen=True)
class Rooms:
    works: bool
    advises: bool


def rooms_of(user: User | AnonymousUser) -> Rooms:
    rights = rights_of(user if isinstance(user, User) else None)
    return Rooms(rights.is_staff_somewhere(), rights.advises_somewhere())
