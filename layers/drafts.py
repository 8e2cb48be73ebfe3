"""Whose draft a request speaks of: what a person has drafted through QGIS and not handed in yet is shown to that person
by every protocol, as if it were published.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from layers.moment import Draft
from registries.changes import door
from registries.core.models import User


def draft_of(person: User | AnonymousUser | None) -> Draft | None:
    """The person's open sessions; None where there is none. One small query."""
    open_sets = door.sessions_of(person)
    return Draft(open_sets) if open_sets else None
