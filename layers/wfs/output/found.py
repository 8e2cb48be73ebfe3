"""What GetFeature found, ready to be written: the same for every format."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from psycopg import sql

from layers import joins
from layers.crs import Reference
from layers.filters.nodes import Node
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
class Together:
    """How the members of a join belong together; `offset` is that of the page."""

    aliases: tuple[str, ...]
    filter: Node
    sort: tuple[joins.SortBy, ...] = ()
    offset: int = 0


@dataclass(frozen=True)
class Result:
    """What one query expression found: features, or with several members tuples of one feature of each (a join)."""

    members: tuple[Member, ...]
    page: Page
    together: Together | None = None

    @property
    def is_join(self) -> bool:
        return len(self.members) > 1

    def rows(self, items: Sequence[sql.Composable]) -> Generator[bytes, None, None]:
        """Blocks of text, `items` (one for each member) joined for each row; to be closed before the snapshot ends."""
        if self.together is None:
            (member,), (item,) = self.members, items
            return rows(member.query, item, self.page.returned)
        join = self.join(items)
        texts = sql.SQL(" || ").join([part.text for part in join.parts])
        return joins.rows(join, texts, self.page.returned)

    def join(self, items: Sequence[sql.Composable]) -> joins.Join:
        assert self.together is not None
        parts = zip(self.members, self.together.aliases, items, strict=True)
        return joins.Join(
            tuple(joins.Part(member.query, alias, item) for member, alias, item in parts),
            self.together.filter,
            self.together.sort,
            self.page.returned,
            self.together.offset,
        )


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
