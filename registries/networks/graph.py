"""The graph of a network, derived from its assets in the transaction that publishes them: the two never disagree."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from registries.core.models import History
from registries.networks.models import Link, NetworkEdge, Node

DERIVE = Path(__file__).with_name("graph.sql").read_text(encoding="utf-8")
# Nearer than this two ends are one joint; real networks fall apart without it and grow false joints above 10 cm.
TOLERANCE_M = 0.01


def derive(networks: list[UUID]) -> int:
    """Make the edges of `networks` anew; how many there are now."""
    NetworkEdge.objects.filter(network_id__in=networks).delete()
    with connection.cursor() as cursor:
        cursor.execute(DERIVE, {"networks": networks, "tolerance_m": TOLERANCE_M})
        return int(cursor.rowcount)


def after_publication(change_set: Any, **_: Any) -> None:
    """Derive the networks that a change set touched, those that an asset left included."""
    versions = History.objects.filter(
        registry__in=[Link.registry(), Node.registry()],
        object_id__in=change_set.items.filter(registry__startswith="networks.").values("object_id"),
    )
    networks = {UUID(text) for text in versions.values_list("row__network_id", flat=True).distinct()}
    if networks:
        derive(sorted(networks))
