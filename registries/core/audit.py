"""Who did what, for good: entries are only ever added, which a trigger (core 0003) enforces."""

from typing import Any

from registries.core.models import AuditEntry, User


def record(actor: User | None, action: str, subject: str, **details: Any) -> AuditEntry:
    """Note that `actor` (None: the portal itself) did `action` to `subject`, in the transaction of the deed.

    `action` is a verb of at most 40 characters such as `publish`; `subject` a key such as `change_set 12` or
    `land.plot <uuid>`; `details` what JSON can hold. Identifiers belong in it, personal data do not.
    """
    return AuditEntry.objects.create(actor=actor, action=action, subject=subject, details=details)
