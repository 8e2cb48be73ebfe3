"""What one reader sees of a tileset as last published, kept in the process for as long as it holds.

Every tile's statement says which state it was drawn from, so that keeping costs no question and nothing stale is sent.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from psycopg.types.numeric import Int4, Int8

from layers.access import Reader, reader_of
from layers.catalogue import catalogue_of
from layers.layer import Layer
from layers.moment import When, seen
from layers.styles import TILESETS, members
from layers.tiles.statement import STATE, last_zoom, statement
from registries.core.errors import NotFound, Unavailable

KEPT = 100
# Of the past, whose days may be asked for at random.
PAST_KEPT = 20
ASK_STATE = b"SELECT " + STATE.as_bytes()


@dataclass(frozen=True)
class Edition:
    """One tileset for one reader in one state of the registry; `revision` names all that its tiles depend on.

    That of a past moment does not change with what is published later.
    """

    tileset: str
    layers: tuple[Layer, ...]
    reader: Reader
    is_public: bool
    state: int
    revision: str
    statements: tuple[bytes, ...]
    when: When | None = None

    def statement(self, zoom: int) -> bytes:
        return self.statements[min(zoom, len(self.statements) - 1)]


# The public's edition is kept under no reader: who the public is may change with it.
_kept: dict[tuple[str, Reader | None], Edition] = {}
_past: OrderedDict[tuple[str, Reader | None, When], Edition] = OrderedDict()


def present(tileset: str, reader: Reader | None = None, when: When | None = None) -> Edition:
    """The edition that holds now, for `reader` or (None) the public; one small query while nothing is published."""
    with seen(when):
        state = ask(ASK_STATE, ())[0]
        kept = recall(tileset, reader, when)
        return kept if kept and kept.state == state else renew(tileset, reader, state, when)


def draw(
    tileset: str, zoom: int, column: int, row: int, reader: Reader | None = None, when: When | None = None
) -> tuple[Edition, bytes]:
    """One tile (empty bytes: nothing lies there) and its edition; one query while nothing is published."""
    edition = recall(tileset, reader, when) or present(tileset, reader, when)
    with seen(when):
        for _attempt in range(3):
            place = (Int4(zoom), Int4(column), Int4(row), Int8(edition.state))
            state, tile = ask(edition.statement(zoom), place)
            if state == edition.state:
                return edition, tile or b""
            edition = renew(tileset, reader, state, when)
    raise Unavailable(_("The registry is changing faster than it can be drawn."), hint=_("Try again."))


def recall(tileset: str, reader: Reader | None, when: When | None) -> Edition | None:
    return _kept.get((tileset, reader)) if when is None else _past.get((tileset, reader, when))


def keep(edition: Edition, reader: Reader | None) -> None:
    if edition.when is None:
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[edition.tileset, reader] = edition
        return
    _past[edition.tileset, reader, edition.when] = edition
    while len(_past) > PAST_KEPT:
        _past.popitem(last=False)


def renew(tileset: str, reader: Reader | None, state: int, when: When | None = None) -> Edition:
    """Read the catalogue anew. `state` was asked for before: what is published meanwhile shows at the next tile."""
    seen_by = reader or reader_of(None)
    catalogue = catalogue_of(seen_by, past=when is not None)
    layers = tuple(filter(members(tileset), catalogue))
    if not layers and tileset not in TILESETS:
        raise NotFound(
            _("There is no tileset “%(name)s”.") % {"name": tileset},
            locator="tileset",
            hint=_("Use one of: %(keys)s.") % {"keys": ", ".join(TILESETS)},
        )
    statements = tuple(statement(layers, seen_by, zoom) for zoom in range(last_zoom(layers) + 1))
    digest = hashlib.sha256(b"\n".join(statements)).hexdigest()[:8]
    number = str(sum(catalogue.revision(layer) for layer in layers))
    is_public = not seen_by.token
    if when is not None:
        # A text of its own: the server would plan the same one again each time that the search path changes.
        statements = tuple(b"/* past */ " + text for text in statements)
        number, is_public = "past", is_public and settings.PUBLIC_HISTORY
    revision = "-".join(filter(None, (number, digest, seen_by.token)))
    edition = Edition(tileset, layers, seen_by, is_public, state, revision, statements, when)
    keep(edition, reader)
    return edition


def ask(query: bytes, values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The one row of a statement that the server prepares once for each connection and answers in binary.

    Django's own cursors bind values in the client, so the server would plan each tile again. A connection that was lost
    since the last request is opened again, as Django's health check would, but without asking the server each time.
    """
    try:
        return _ask(query, values)
    except psycopg.OperationalError:
        if connection.in_atomic_block or not connection.connection.closed:
            raise
        connection.close()
        return _ask(query, values)


def _ask(query: bytes, values: tuple[Any, ...]) -> tuple[Any, ...]:
    connection.ensure_connection()
    raw = connection.connection
    # Django switches prepared statements off for a connection; its own cursors don't take part even so.
    raw.prepare_threshold = 1
    with psycopg.RawCursor(raw) as cursor:
        row = cursor.execute(query, values, prepare=True, binary=True).fetchone()
    assert row is not None, "The statement always gives one row."
    return row
