"""What a person edits from a map program: many small requests, collected into one change set for each zone.

One “Save edits” of QGIS is up to four requests, and an evening's work a hundred of them. None opens a change set of its
own: all of a person's edits in one zone gather in one that stays open until it is handed in.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from registries.changes.models import ChangeSet
from registries.changes.states import EDITABLE
from registries.core.models import User

SOURCE = "qgis"


def sessions_of(person: User | AnonymousUser | None) -> tuple[int, ...]:
    """The open sessions of `person`, the oldest first."""
    if not isinstance(person, User):
        return ()
    found = ChangeSet.objects.filter(author=person, source=SOURCE, state__in=EDITABLE)
    return tuple(found.order_by("pk").values_list("pk", flat=True))
