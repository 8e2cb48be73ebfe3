"""How people are called on the desk."""

from __future__ import annotations

from registries.core.models import User


def name(person: User | None) -> str:
    return (person.get_full_name() or person.username) if person else ""
