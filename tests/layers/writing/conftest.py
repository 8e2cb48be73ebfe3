"""What the tests of writing share: a person who writes, and what the portal then shows that person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from layers.catalogue import editing_catalogue
from layers.drafts import draft_of
from layers.layer import Layer
from layers.moment import seen
from layers.writing import Done, Wish, perform
from registries.core.models import User
from registries.core.records import Record, registry_model

Write = Callable[..., Done]


def layer(person: User, key: str) -> Layer:
    found = editing_catalogue(person).get(key)
    assert found is not None, f"{person} cannot edit {key}"
    return found


def wish(person: User, key: str, action: Any, id: UUID | None = None, **more: Any) -> Wish:
    """`geom` given means that a geometry came, be it None."""
    return Wish(layer(person, key), action, id, has_geom="geom" in more, **more)


def shown(person: User, done: Done) -> Any:
    """The record as the person sees it: with the own draft."""
    model: type[Record] = registry_model(done.layer.registry)
    with seen(draft_of(person)):
        return model._base_manager.get(pk=done.id)


@pytest.fixture
def write(olena: User) -> Write:
    """One wish of Olena's, fulfilled."""

    def writing(key: str, action: str, id: UUID | None = None, **more: Any) -> Done:
        (done,) = perform(olena, [wish(olena, key, action, id, **more)])
        return done

    return writing
