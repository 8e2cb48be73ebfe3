"""What GetFeature found, ready to be written: the same for every format."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from psycopg import sql

from layers.crs import Reference
from layers.layer import Column
from layers.query import Query, rows
from layers.wfs.links import Links
from layers.wfs.output.page import Page
from layers.wfs.requests import Version


@dataclass(frozen=True)
class Member:
    """Features of one type: which, what of each is written, and in which system.

    `with_standard`: also what GML knows of every feature, its name, description and identifier.
    """

    query: Query
    columns: tuple[Column, ...]
    with_geometry: bool
    reference: Reference
    with_standard: bool = True


@dataclass(frozen=True)
class Result:
    """What one query expression found: features, or with several members tuples of one feature of each (a join)."""

    members: tuple[Member, ...]
    page: Page

    @property
    def is_join(self) -> bool:
        return len(self.members) > 1

    def rows(self, items: Sequence[sql.Composable]) -> Generator[bytes, None, None]:
        """Blocks of text, `items` (one for each member) joined for each row; to be closed before the snapshot ends."""
        (member,), (item,) = self.members, items
        return rows(member.query, item, self.page.returned)


@dataclass(frozen=True)
class Found:
    """The whole answer: `page` speaks of all results together; of hits `page.returned` is 0 and nothing is read.

    Within 2.0.0 several results are collections within the collection (OGC 09-025r2, 11.3.3.5), before they follow
    one another. `lock_id` is that of GetFeatureWithLock.
    """

    version: Version
    results: tuple[Result, ...]
    page: Page
    links: Links
    lock_id: str = ""
    hits: bool = False
