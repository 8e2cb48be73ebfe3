"""Who did what and who saw whom, for good: entries are only ever added (a trigger of core 0004).

Each is linked to the one before when its transaction commits (core 0007); `chain` proves that none was changed since.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from psycopg.types.json import Jsonb

from registries.core.models import AuditEntry, User

# A person who leafs through pages is noted once an hour for each thing seen, so that the log stays readable.
COALESCE = timedelta(hours=1)
NOTE_ONCE = """
INSERT INTO public.core_auditentry (at, actor_id, action, subject, details)
SELECT clock_timestamp(), %(actor)s, %(action)s, %(subject)s, %(details)s
WHERE NOT EXISTS (
    SELECT FROM public.core_auditentry e
    WHERE e.subject = %(subject)s AND e.at > clock_timestamp() - %(within)s
      AND e.actor_id = %(actor)s AND e.action = %(action)s AND e.details @> %(same)s)
"""


def record(actor: User | None, action: str, subject: str, **details: Any) -> AuditEntry:
    """Note that `actor` (None: the portal itself) did `action` to `subject`, in the transaction of the deed.

    `action` is a verb of at most 40 characters such as `publish`; `subject` a key such as `change_set 12` or
    `land.plot <uuid>`; `details` what JSON can hold. Identifiers belong in it, personal data do not.
    """
    return AuditEntry.objects.create(actor=actor, action=action, subject=subject, details=details)


def saw(actor: User | AnonymousUser | None, subject: str, what: str) -> None:
    """Note that `actor` was shown personal data of `subject`; `what` names them, such as `published_by`.

    Called before the answer is made, outside read-only transactions; whoever is not signed in is shown none.
    """
    if isinstance(actor, User):
        _note_once(actor, "saw", subject, {"what": what}, {})


def exported(
    actor: User | AnonymousUser | None,
    subject: str,
    form: str,
    *,
    count: int | None = None,
    filter: str = "",
    place: str = "",
) -> None:
    """Note that `actor` took data out of the portal in the format `form`; public downloads are nobody's business.

    `filter` is what narrowed them. `place` is the box of a map that moves: another box alone is no new export.
    """
    if not isinstance(actor, User):
        return
    same = {"format": form, "filter": filter, "whole": not place}
    more = {"count": count, "place": place}
    _note_once(actor, "export", subject, same, {name: value for name, value in more.items() if value not in (None, "")})


def _note_once(actor: User, action: str, subject: str, same: dict[str, Any], more: dict[str, Any]) -> None:
    values: dict[str, Any] = {"actor": actor.pk, "action": action, "subject": subject[:120], "within": COALESCE}
    values |= {"same": Jsonb(same), "details": Jsonb({**same, **more})}
    with connection.cursor() as cursor:
        cursor.execute(NOTE_ONCE, values)
