"""The life of a change set in lines: what happened, when and by whom, as the audit has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from registries.changes.models import ChangeSet
from registries.core.models import AuditEntry

LATEST = 60


@dataclass(frozen=True)
class Event:
    at: datetime
    who: str
    what: str
    words: str


def events(change_set: ChangeSet, since: datetime | None = None) -> list[Event]:
    """The latest first; `since` leaves out what somebody has seen already."""
    entries = AuditEntry.objects.filter(subject=f"change_set {change_set.pk}").select_related("actor")
    if since is not None:
        entries = entries.filter(at__gt=since)
    told = labels()
    return [_event(entry, told) for entry in entries.order_by("-pk")[:LATEST] if entry.action in told]


def _event(entry: AuditEntry, told: dict[str, str]) -> Event:
    who = entry.actor.called if entry.actor else _("the portal")
    words: Any = entry.details.get("words") or entry.details.get("reason") or ""
    return Event(entry.at, who, told[entry.action], str(words))


def labels() -> dict[str, str]:
    """The audit's verbs as people say them; others are of no interest here."""
    return {
        "propose": _("opened the change set"),
        "describe": _("changed the description"),
        "submit": _("submitted it"),
        "approve": _("approved it"),
        "reject": _("returned it"),
        "withdraw": _("withdrew it"),
        "publish": _("published it"),
        "schedule": _("set the time of publication"),
        "unschedule": _("cancelled the set time of publication"),
        "not_published": _("did not publish it at the set time"),
        "conflict": _("met a conflict while publishing"),
        "resolve": _("resolved the conflicts"),
        "drop": _("took changes out"),
        "accept warnings": _("accepted warnings"),
        "accept_warnings": _("accepted warnings"),
        "name_reviewer": _("named an outside reviewer"),
        "revoke_link": _("ended the link of an outside reviewer"),
        "revert": _("made a draft that undoes it"),
        "comment": _("commented"),
    }


def moment(text: str) -> datetime | None:
    """When a page was made, as its forms say; None for what is no moment."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
