"""Who asks at which of the two addresses, and what of the registry is shown there: to everybody what is published, to
who edits also the own draft.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from layers.catalogue import Catalogue, catalogue_at, editing_catalogue
from layers.drafts import draft_of
from layers.moment import View, When, permitted
from layers.wfs.links import Links
from registries.core.models import User


@dataclass(frozen=True)
class Caller:
    """`is_edit`: at the address for editing, where `user` is a person."""

    user: User | AnonymousUser
    links: Links
    is_edit: bool = False

    def view(self, when: When | None) -> View | None:
        """What is spoken of: the time asked about if it may be asked about, else today, with one's own draft where
        one edits.
        """
        if when is not None:
            return permitted(self.user, when, "at")
        return draft_of(self.user) if self.is_edit else None

    def catalogue(self, view: View | None = None) -> Catalogue:
        """The layers that the caller may read here, of the time that `view` speaks of."""
        if self.is_edit and not isinstance(view, When):
            return editing_catalogue(self.user)
        return catalogue_at(self.user, view if isinstance(view, When) else None)
