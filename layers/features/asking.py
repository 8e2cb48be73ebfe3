"""Who asks, of which state of the registry, and what there is for them to see and to edit.

Whoever comes with an access token sees what is published with their own open draft over it, and may write where they
edit. A signed-in browser reads what is published and never writes here: a form of another site would come with its
session.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.access import Reader, reader_of
from layers.catalogue import Catalogue, catalogue_of, editing_catalogue
from layers.drafts import draft_of
from layers.layer import Layer
from layers.moment import View, When, permitted, seen
from layers.query import Query, snapshot
from registries.core import tokens
from registries.core.errors import NotFound
from registries.core.models import AccessToken, User


@dataclass(frozen=True)
class Asking:
    """One request's person and view; `view` None is what is published now."""

    user: User | AnonymousUser
    token: AccessToken | None
    view: View | None
    catalogue: Catalogue

    @cached_property
    def editing(self) -> Catalogue | None:
        """The layers that this request may write to, empty ones too."""
        if self.token is None or not tokens.may_write(self.token):
            return None
        return editing_catalogue(self.user)

    def may_write(self, key: str) -> bool:
        return self.editing is not None and self.editing.get(key) is not None

    def catalogue_with(self, key: str) -> Catalogue:
        """Where the layer is found: what is seen by all, or what just this person may begin to fill."""
        if self.catalogue.get(key) is None and self.editing is not None and not isinstance(self.view, When):
            return self.editing
        return self.catalogue

    def layer(self, key: str) -> Layer:
        found = self.catalogue_with(key).get(key)
        if found is None:
            raise NotFound(_("There is no collection “%(name)s”.") % {"name": key[:80]}, locator="collectionId")
        return found

    def query(self, key: str, **clauses: Any) -> Query:
        return Query(layer=self.layer(key), reader=self.reader(key), **clauses)

    def reader(self, key: str) -> Reader:
        return self.catalogue_with(key).reader

    @property
    def layers(self) -> list[Layer]:
        """All collections, in the order of the legend."""
        own = [] if self.editing is None else [one for one in self.editing if self.catalogue.get(one.key) is None]
        return [*self.catalogue, *own]

    @contextmanager
    def snapshot(self) -> Iterator[bool]:
        with snapshot(self.view) as is_published:
            yield is_published


def asking(request: HttpRequest, when: When | None = None) -> Asking:
    """`when` as the request's `datetime` says; raises NotAllowed if it may not be asked for."""
    token = getattr(request, "access_token", None)
    view: View | None = permitted(request.user, when, "datetime")
    if view is None and token is not None:
        view = draft_of(request.user)
    with seen(view):
        catalogue = catalogue_of(reader_of(request.user), past=isinstance(view, When))
    return Asking(request.user, token, view, catalogue)
