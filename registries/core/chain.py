"""Proof that the audit is as it was written: every link is worked out anew from its entry and the link before.

The expression stands here once more, because a function in the database could be replaced together with the rows. One
statement does it for all links, in the order of their index; what is wrong comes out row by row, so memory stays flat.
Whoever removes the newest entries together with their links leaves a shorter chain that is sound: only a head that was
noted elsewhere tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Literal

from django.db import connection
from django.utils.translation import gettext as _

from registries.core import audit
from registries.core.errors import BadInput
from registries.core.models import AuditEntry, AuditLink

SUBJECT, VERIFY = "audit", "verify"
Kind = Literal["changed", "missing", "gap", "unlinked", "head"]
WRITTEN = re.compile(r"(\d{1,18}):([0-9a-f]{64})", re.ASCII)

BROKEN = """
SELECT CASE WHEN NOT found THEN 'missing' WHEN position <> position_before + 1 THEN 'gap' ELSE 'changed' END,
       position, position_before, entry_id, at, action, subject
FROM (
    SELECT l.id AS position, lag(l.id, 1, 0::bigint) OVER chain AS position_before, l.entry_id, l.digest,
           lag(l.digest, 1, ''::bytea) OVER chain AS digest_before,
           e.id IS NOT NULL AS found, e.at, e.action, e.subject,
           jsonb_build_array(e.id, extract(epoch FROM e.at), e.actor_id, e.action, e.subject, e.details) AS content
    FROM public.core_auditlink l LEFT JOIN public.core_auditentry e ON e.id = l.entry_id
    WINDOW chain AS (ORDER BY l.id)
) links
WHERE NOT found OR position <> position_before + 1
   OR digest <> sha256(digest_before || convert_to(content::text, 'UTF8'))
UNION ALL
SELECT 'unlinked', NULL, NULL, e.id, e.at, e.action, e.subject FROM public.core_auditentry e
WHERE NOT EXISTS (SELECT FROM public.core_auditlink l WHERE l.entry_id = e.id)
"""


@dataclass(frozen=True)
class Head:
    """The newest link: position 0 of a chain without links."""

    position: int
    digest: str

    def __str__(self) -> str:
        return f"{self.position}:{self.digest}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """Raises BadInput."""
        found = WRITTEN.fullmatch(text.strip().lower())
        if found is None:
            raise BadInput(
                _("A head is a position and 64 hexadecimal digits, such as %(example)s.") % {"example": "12:3f0a…"},
                locator="head",
            )
        return cls(int(found[1]), found[2])


NO_LINKS = Head(0, "0" * 64)


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written; `entry`, `at`, `action` and `subject` as they are now, if at all."""

    kind: Kind
    position: int | None
    entry: int | None = None
    at: datetime | None = None
    action: str = ""
    subject: str = ""
    position_before: int = 0

    def __str__(self) -> str:
        told = {"entry": self.entry, "position": self.position, "before": self.position_before + 1}
        texts = {
            "changed": _("changed: entry %(entry)s or its link, at position %(position)s, is not as it was written"),
            "missing": _("missing: entry %(entry)s of the link at position %(position)s is gone"),
            "gap": _("out of order: links are missing from position %(before)s up to %(position)s"),
            "unlinked": _("inserted: entry %(entry)s has no link"),
            "head": _("missing: the noted head at position %(position)s is no part of this chain"),
        }
        text = texts[self.kind] % told
        return f"{text} ({self.at:%Y-%m-%d %H:%M:%S %Z}, {self.action}, {self.subject})" if self.at else text


def head() -> Head:
    newest = AuditLink.objects.order_by("-pk").first()
    return Head(newest.pk, bytes(newest.digest).hex()) if newest else NO_LINKS


def findings() -> Iterator[Finding]:
    """Everything that is wrong, links first, in the order of the chain; nothing is wrong if there is none."""
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(BROKEN)
        for kind, position, before, entry, at, action, subject in cursor:
            yield Finding(kind, position, entry, at, action or "", subject or "", before or 0)


def lacks(noted: Head) -> Finding | None:
    """What is wrong if a head that was noted earlier is no longer part of the chain."""
    if noted == NO_LINKS:
        return None
    link = AuditLink.objects.filter(pk=noted.position).first()
    if link is not None and bytes(link.digest).hex() == noted.digest:
        return None
    return Finding("head", noted.position)


@dataclass(frozen=True)
class Verification:
    """That the chain was examined up to `head`, and how many findings there were."""

    at: datetime
    head: Head
    findings: int


def verify(tell: Callable[[Finding], None], noted: Iterable[Head] = ()) -> Verification:
    """Examine the chain, and that it still holds the `noted` heads; each finding is told, the outcome recorded."""
    newest, count = head(), 0
    for finding in chain(findings(), filter(None, map(lacks, noted))):
        tell(finding)
        count += 1
    entry = audit.record(None, VERIFY, SUBJECT, position=newest.position, digest=newest.digest, findings=count)
    return Verification(entry.at, newest, count)


def last_verification() -> Verification | None:
    """The latest outcome, None before the first."""
    entry = AuditEntry.objects.filter(subject=SUBJECT, action=VERIFY).order_by("-at").first()
    if entry is None:
        return None
    told = entry.details
    return Verification(entry.at, Head(told["position"], told["digest"]), told["findings"])
