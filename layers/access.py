"""The one check of what a reader may see, asked by every protocol: layers and columns by audience, network assets by
network.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from psycopg import sql

from registries.core.models import Audience, User
from registries.core.rights import Place, rights_of
from registries.networks.models import Network


@dataclass(frozen=True)
class Reader:
    """What one person may see: an audience level, and the networks whose assets are open to them."""

    audience: Audience
    networks: tuple[UUID, ...]

    @property
    def token(self) -> str:
        """Names equal views equally, so that answers can be cached for all who share one; empty for the public."""
        if self.audience == Audience.PUBLIC and self.networks == public_networks():
            return ""
        text = f"{self.audience}:{','.join(str(network) for network in self.networks)}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def open_rows(self) -> sql.Composable:
        """The condition on rows of networks (`t`), in literals: a parameter's list would be searched for every row."""
        return sql.SQL("t.network_id = ANY({}::uuid[])").format(
            sql.Literal([str(network) for network in self.networks])
        )


def public_networks() -> tuple[UUID, ...]:
    return tuple(Network.objects.filter(visibility=Audience.PUBLIC).order_by("pk").values_list("pk", flat=True))


def reader_of(user: User | AnonymousUser | None) -> Reader:
    """The reader that `user` is; one query for the public, two for a person."""
    rights = rights_of(user)
    rows = Network.objects.order_by("pk").values_list("pk", "zone_id", "visibility")
    seen = tuple(pk for pk, zone, visibility in rows if visibility <= rights.audience_at(Place(zone, pk)))
    return Reader(rights.audience, seen)
