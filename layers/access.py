"""The one check of what a reader may see, asked by every protocol: layers and columns by audience, network assets by
network.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from psycopg import sql

from registries.core.models import Audience, User
from registries.core.rights import EDITS, Place, rights_of


@dataclass(frozen=True)
class Reader:
    """What one person may see: an audience level, the networks whose assets are open to them, and the zones whose land
    is; None are all.
    """

    audience: Audience
    networks: tuple[UUID, ...]
    zones: tuple[UUID, ...] | None = None

    @property
    def token(self) -> str:
        """Names equal views equally, so that answers can be cached for all who share one; empty for the public."""
        if self.audience == Audience.PUBLIC and self.zones is None and self.networks == public_networks():
            return ""
        places = [",".join(map(str, ids)) for ids in (self.networks, self.zones) if ids is not None]
        text = f"{self.audience}:{':'.join(places)}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def open_rows(self) -> sql.Composable:
        """The condition on rows of networks (`t`), in literals: a parameter's list would be searched for every row."""
        return sql.SQL("t.network_id = ANY({}::uuid[])").format(
            sql.Literal([str(network) for network in self.networks])
        )

    def within_zones(self, zone: sql.Composable) -> sql.Composable:
        """The condition that the row's `zone` is open."""
        return sql.SQL("{} = ANY({}::uuid[])").format(zone, sql.Literal([str(one) for one in self.zones or ()]))


# Within a draft or a past day the rows are those of that day, but who may see them is decided by today's published
# truth: a network that was public once stays closed, and one that is not published (any more) is for staff. Today's
# networks are known on every day, so that also what was empty then has a name.
NETWORKS = """
SELECT COALESCE(p.id, n.id), COALESCE(p.zone_id, n.zone_id), GREATEST(n.visibility, COALESCE(p.visibility, %s))
FROM networks_network n FULL JOIN public.networks_network p ON p.id = n.id ORDER BY 1
"""


def _networks() -> list[tuple[UUID, UUID | None, int]]:
    """(network, zone, visibility) of every network."""
    with connection.cursor() as cursor:
        cursor.execute(NETWORKS, [Audience.INTERNAL])
        return list(cursor.fetchall())


def public_networks() -> tuple[UUID, ...]:
    return tuple(pk for pk, _zone, visibility in _networks() if visibility == Audience.PUBLIC)


def reader_of(user: User | AnonymousUser | None) -> Reader:
    """The reader that `user` is; one query for the public, two for a person."""
    rights = rights_of(user)
    seen = tuple(pk for pk, zone, visibility in _networks() if visibility <= rights.audience_at(Place(zone, pk)))
    return Reader(rights.audience, seen)


def editor_of(user: User | AnonymousUser | None) -> Reader:
    """The reader that `user` is where they edit: just what lies in a zone or network of theirs, but all of it."""
    rights = rights_of(user)
    edited = tuple(pk for pk, zone, _visibility in _networks() if rights.may_edit([Place(zone, pk)]))
    if rights.everywhere & EDITS:
        return Reader(Audience.INTERNAL, edited)
    zones = tuple(zone for zone, roles in rights.by_zone.items() if roles & EDITS)
    return Reader(Audience.INTERNAL if edited or zones else Audience.PUBLIC, edited, zones)
