"""The numbers by which every cache, in this process or in a browser far away, knows that what it keeps is stale.

They come from one sequence: a counter would go back with a transaction that is rolled back and give the same number to
other content.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from django.db import connection
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from registries.core.models import Revision

BUMP = """
INSERT INTO core_revision (topic, number)
SELECT topic, nextval('core_revision_number') FROM unnest(%(topics)s::text[]) topic
ON CONFLICT (topic) DO UPDATE SET number = nextval('core_revision_number')
"""
# When this process last raised a topic, by its monotonic clock.
raised_here: dict[str, float] = {}


def bump(topics: Iterable[str]) -> None:
    """Raise each of `topics` within the caller's transaction; sorted, so that two writers cannot deadlock."""
    ordered = sorted(set(topics))
    if ordered:
        with connection.cursor() as cursor:
            cursor.execute(BUMP, {"topics": ordered})
        raised_here.update(dict.fromkeys(ordered, time.monotonic()))


def number_of(topic: str) -> int:
    """The number of the latest change of `topic`; 0 when it never changed."""
    return Revision.objects.filter(pk=topic).values_list("number", flat=True).first() or 0


def bump_on_change(model: type[Model], topic: str) -> None:
    """From now on, raise `topic` whenever a row of the look-up table `model` is saved or deleted one by one."""

    def changed(**_signal: object) -> None:
        bump([topic])

    for signal in (post_save, post_delete):
        signal.connect(changed, sender=model, weak=False, dispatch_uid=f"bump {topic} {model._meta.label_lower}")
