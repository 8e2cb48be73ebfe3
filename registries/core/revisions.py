"""How often something was changed: the numbers by which every cache, in this process or in a browser far away, knows it is stale."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from registries.core.models import Revision

BUMP = """
INSERT INTO core_revision (topic, number) SELECT unnest(%(topics)s::text[]), 1
ON CONFLICT (topic) DO UPDATE SET number = core_revision.number + 1
"""


def bump(topics: Iterable[str]) -> None:
    """Raise each of `topics` by one within the caller's transaction; sorted, so that two writers cannot deadlock."""
    ordered = sorted(set(topics))
    if ordered:
        with connection.cursor() as cursor:
            cursor.execute(BUMP, {"topics": ordered})


def number_of(topic: str) -> int:
    """How often `topic` was raised; 0 when never."""
    return Revision.objects.filter(pk=topic).values_list("number", flat=True).first() or 0
