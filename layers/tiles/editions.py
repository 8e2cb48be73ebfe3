"""What one reader sees of a tileset as last published, kept in the process for as long as it holds.

Every tile's statement says which state it was drawn from, so that keeping costs no question and nothing stale is sent.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from django.utils.translation import gettext as _
from psycopg.types.numeric import Int4, Int8

from layers.access import Reader, reader_of
from layers.catalogue import catalogue_of
from layers.layer import Layer
from layers.styles import TILESETS
from layers.tiles.statement import STATE, last_zoom, statement
from registries.core.errors import NotFound, Unavailable

KEPT = 100
ASK_STATE = b"SELECT " + STATE.as_bytes()


@dataclass(frozen=True)
class Edition:
    """One tileset for one reader in one state of the registry; `revision` names all that its tiles depend on."""

    tileset: str
    layers: tuple[Layer, ...]
    reader: Reader
    is_public: bool
    state: int
    revision: str
    statements: tuple[bytes, ...]

    def statement(self, zoom: int) -> bytes:
        return self.statements[min(zoom, len(self.statements) - 1)]


# The public's edition is kept under no reader: who the public is may change with it.
_kept: dict[tuple[str, Reader | None], Edition] = {}


def present(tileset: str, reader: Reader | None = None) -> Edition:
    """The edition that holds now, for `reader` or (None) the public; one small query while nothing is published."""
    if tileset not in TILESETS:
        raise NotFound(
            _("There is no tileset “%(name)s”.") % {"name": tileset},
            locator="tileset",
            hint=_("Use one of: %(keys)s.") % {"keys": ", ".join(TILESETS)},
        )
    state = ask(ASK_STATE, ())[0]
    kept = _kept.get((tileset, reader))
    return kept if kept and kept.state == state else renew(tileset, reader, state)


def draw(tileset: str, zoom: int, column: int, row: int, reader: Reader | None = None) -> tuple[Edition, bytes]:
    """One tile (empty bytes: nothing lies there) and its edition; one query while nothing is published."""
    edition = _kept.get((tileset, reader)) or present(tileset, reader)
    for _attempt in range(3):
        place = (Int4(zoom), Int4(column), Int4(row), Int8(edition.state))
        state, tile = ask(edition.statement(zoom), place)
        if state == edition.state:
            return edition, tile or b""
        edition = renew(tileset, reader, state)
    raise Unavailable(_("The registry is changing faster than it can be drawn."), hint=_("Try again."))


def renew(tileset: str, reader: Reader | None, state: int) -> Edition:
    """Read the catalogue anew. `state` was asked for before: what is published meanwhile shows at the next tile."""
    seen_by = reader or reader_of(None)
    catalogue = catalogue_of(seen_by)
    layers = tuple(filter(TILESETS[tileset], catalogue))
    statements = tuple(statement(layers, seen_by, zoom) for zoom in range(last_zoom(layers) + 1))
    number = sum(catalogue.revision(layer) for layer in layers)
    digest = hashlib.sha256(b"\n".join(statements)).hexdigest()[:8]
    revision = "-".join(filter(None, (str(number), digest, seen_by.token)))
    edition = Edition(tileset, layers, seen_by, not seen_by.token, state, revision, statements)
    if len(_kept) >= KEPT:
        _kept.clear()
    _kept[tileset, reader] = edition
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
