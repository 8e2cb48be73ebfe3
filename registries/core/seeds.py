"""Brings rows that come with the product into look-up tables: adds and renews its own, leaves alone what is of
others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

Row = dict[str, Any]


@dataclass(frozen=True)
class Seeded:
    """What became of the rows of one table."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated)


def seed(model: type[Model], rows: Sequence[Row], key: Sequence[str]) -> Seeded:
    """Insert the rows whose `key` columns are new and update those that differ. Every row has the same columns.

    Sends no signals: the caller raises the revision when something `changed`.
    """
    columns = [column for column in rows[0] if column not in key]
    present = {tuple(getattr(old, name) for name in key): old for old in model._default_manager.all()}
    new, differing = [], []
    for row in rows:
        old = present.get(tuple(row[name] for name in key))
        if old is None:
            new.append(model(**row))
        elif any(getattr(old, name) != row[name] for name in columns):
            for name in columns:
                setattr(old, name, row[name])
            differing.append(old)
    model._default_manager.bulk_create(new)
    model._default_manager.bulk_update(differing, columns)
    return Seeded(len(new), len(differing), len(rows) - len(new) - len(differing))
