"""A feature that stands in one document twice, in tuples of a join or as an answer to several queries: the second time
it is told by reference, because an identifier may be there but once (XML 1.0, 3.3.1; OGC 07-036, 7.2.3).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing

from psycopg import sql

from layers.query import feature_id
from layers.wfs.names import XLINK
from layers.wfs.output.found import Found, Member, Result

# XML has no such character: nothing that is written holds it.
SEPARATOR = "\x03"


def may_repeat(found: Found) -> bool:
    keys = [member.query.layer.key for result in found.results for member in result.members]
    return len(set(keys)) < len(keys) or any(result.is_join for result in found.results)


class Once:
    """Writes each feature of a document where it comes first; `member` is the name of the element around it."""

    def __init__(self, member: str, item: Callable[[Member], sql.Composable]) -> None:
        self._member, self._item = member, item
        self._seen: set[bytes] = set()

    def rows(self, result: Result) -> Generator[bytes, None, None]:
        items = [
            sql.SQL("{} || {separator} || {} || {separator}").format(
                feature_id(member.query), self._item(member), separator=sql.Literal(SEPARATOR)
            )
            for member in result.members
        ]
        with closing(result.rows(items)) as blocks:
            for block in blocks:
                yield b"".join(self._row(line, result.is_join) for line in block.split(b"\n") if line)

    def _row(self, line: bytes, is_join: bool) -> bytes:
        pieces = iter(line.split(SEPARATOR.encode()))
        content = b"".join(self._members(pieces))
        return b"<wfs:member><wfs:Tuple>%b</wfs:Tuple></wfs:member>\n" % content if is_join else content + b"\n"

    def _members(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for id, text in zip(pieces, pieces, strict=False):
            if id in self._seen:
                yield b'<%b xmlns:xlink="%b" xlink:href="#%b"/>' % (self._member.encode(), XLINK.encode(), id)
            else:
                self._seen.add(id)
                yield text
