"""Who asks at which of the two addresses, and what of the registry is shown there: to everybody what is published, to
who edits also the own draft.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from layers.catalogue import Catalogue, catalogue_at, editing_catalogue
from layers.drafts import draft_of
from layers.moment import View, When, permitted
from layers.wfs.exceptions import OperationNotServed
from layers.wfs.links import Links
from registries.core.errors import NotAllowed
from registries.core.models import User


@dataclass(frozen=True)
class Caller:
    """`is_edit`: at the address for editing, where `user` is a person. `may_write`: with a token for editing, or from
    a page of ours: a session's cookie comes along with any link that somebody follows.
    """

    user: User | AnonymousUser
    links: Links
    is_edit: bool = False
    may_write: bool = False

    def writer(self) -> User:
        """The person who edits; OperationNotServed at the address for reading, NotAllowed for who only reads."""
        if not self.is_edit or not isinstance(self.user, User):
            hint = _("Use the address /ows/wfs/edit, with an access token.")
            raise OperationNotServed(_("Here features are only read."), locator="request", hint=hint)
        if not self.may_write:
            hint = _("Use an access token that may edit.")
            raise NotAllowed(_("This changes something, and you may only read."), locator="request", hint=hint)
        return self.user

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
