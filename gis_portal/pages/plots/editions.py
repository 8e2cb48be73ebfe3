"""Which edition of a plot's sheet a paper shows: told by a token that goes with it, which only this portal can make."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max
from django.utils.crypto import salted_hmac
from django.utils.timezone import get_default_timezone, localdate, localtime

from layers.moment import When
from registries.changes.models import ChangeSet

SALT = "gis_portal.pages.plots.editions"
MOMENT_BYTES, DIGEST_BYTES, MARK_BYTES = 6, 10, 8
TOKEN_LENGTH = (MOMENT_BYTES + DIGEST_BYTES + MARK_BYTES) * 4 // 3
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STEP = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Edition:
    """What was told of a plot at `moment`: `digest` is that of the raw values."""

    plot_id: UUID
    moment: datetime
    digest: bytes

    @property
    def token(self) -> str:
        """Moment, digest and the portal's mark of both: 32 letters, for a QR that is read from paper."""
        body = self._body()
        return base64.urlsafe_b64encode(body + self._mark(body, settings.SECRET_KEY)).decode()

    @property
    def short(self) -> str:
        """To be compared by eye."""
        text = self.digest.hex()[:12].upper()
        return "-".join(text[place : place + 4] for place in range(0, 12, 4))

    def is_marked(self, mark: bytes) -> bool:
        """Whether this portal made the token, with its key of today or one that it replaced."""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return any(hmac.compare_digest(mark, self._mark(self._body(), key)) for key in keys)

    def _body(self) -> bytes:
        return ((self.moment - EPOCH) // STEP).to_bytes(MOMENT_BYTES, "big") + self.digest

    def _mark(self, body: bytes, key: str | bytes) -> bytes:
        return salted_hmac(SALT, self.plot_id.bytes + body, secret=key, algorithm="sha256").digest()[:MARK_BYTES]


@dataclass(frozen=True)
class Token:
    """What a token says, before it is known whether it is true."""

    moment: datetime
    digest: bytes
    mark: bytes


def read(text: str) -> Token | None:
    """None for what cannot be a token at all."""
    if len(text) != TOKEN_LENGTH or not text.isascii():
        return None
    try:
        told = base64.b64decode(text, altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    moment, rest = told[:MOMENT_BYTES], told[MOMENT_BYTES:]
    try:
        at = EPOCH + int.from_bytes(moment, "big") * STEP
    except OverflowError:
        return None
    return Token(at, rest[:DIGEST_BYTES], rest[DIGEST_BYTES:])


def edition_of(plot_id: UUID, values: dict[str, Any], when: When | None) -> Edition:
    return Edition(plot_id, moment_of(when), digest_of(values))


def digest_of(values: dict[str, Any]) -> bytes:
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).digest()[:DIGEST_BYTES]


def moment_of(when: When | None) -> datetime:
    """The moment of which a sheet speaks: that asked for, else the beginning of today or the latest publication since.

    The same for all sheets of one state and day, so that the same paper need not be made twice.
    """
    if when is not None and when.end is not None:
        return _stepped(when.end)
    morning = datetime.combine(localdate(), time.min, get_default_timezone())
    latest = ChangeSet.objects.aggregate(at=Max("published_at"))["at"]
    return _stepped(max(morning, latest) if latest else morning)


def _stepped(moment: datetime) -> datetime:
    """To the next step, so that what was published in this one is in it."""
    return localtime(EPOCH - (EPOCH - moment) // STEP * STEP)
