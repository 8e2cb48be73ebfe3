"""Of which day a request speaks, or of whose draft: read, checked and entered here for every protocol and page.

A date is the state at the end of that day in the site's time zone, an instant of RFC 3339 the state at that instant;
what lies in the future is today. An answer about a stretch of time holds of each object the last version that was
current in it. Who may ask is decided here, what they see of that day by today's rights (`layers.access`).
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from registries.core.errors import BadInput, NotAllowed
from registries.core.models import User
from registries.core.overlay import as_of, draft, within
from registries.core.rights import rights_of

# A publication has its moment when it begins and is seen when it ends: what is younger than any takes may still change.
SETTLED = timedelta(hours=1)
DATE = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", re.ASCII)
# RFC 3339, 5.6. A plus sign that was not encoded in an address arrives as a blank.
INSTANT = re.compile(
    r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[-+ ][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
EXAMPLE = "2026-05-01, 2026-05-01T12:00:00Z"
OPEN = frozenset({"", ".."})


@dataclass(frozen=True)
class When:
    """A past instant (`start` and `end` the same) or a stretch of time, both ends included and None where open.

    `text` is how it was asked for, to be carried on in links.
    """

    start: datetime | None
    end: datetime | None
    text: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether no publication can change any more what was true then."""
        return self.end is not None and self.end < timezone.now() - SETTLED


@dataclass(frozen=True)
class Draft:
    """What is published, with the items of these change sets laid over it; `layers.drafts` says whose they are."""

    change_sets: tuple[int, ...]
    # Its numbers may change with every edit, so that none is kept.
    is_settled: ClassVar[bool] = False


View = When | Draft


def is_open_to(user: User | AnonymousUser | None) -> bool:
    """Whether `user` may ask about the past at all: staff may, everybody where the installation says so."""
    return bool(settings.PUBLIC_HISTORY) or rights_of(user).is_staff_somewhere()


def require(user: User | AnonymousUser | None) -> None:
    """Raises NotAllowed for whoever may not ask about the past at all."""
    if not is_open_to(user):
        raise NotAllowed(_("Only staff may look into the past here."), hint=_("Sign in with an account that may."))


def asked(user: User | AnonymousUser | None, text: str, locator: str = "at") -> When | None:
    """The past instant that `text` names, None for today. Raises BadInput and NotAllowed."""
    return permitted(user, instant(text, locator), locator)


def permitted(user: User | AnonymousUser | None, when: When | None, locator: str) -> When | None:
    """`when`, if `user` may ask for it; of a time that reaches today, others are told today's part."""
    if when is None or is_open_to(user):
        return when
    if when.end is None:
        return None
    raise NotAllowed(
        _("Only staff may look into the past here."),
        locator=locator,
        hint=_("Leave out “%(name)s”, or sign in.") % {"name": locator},
    )


def instant(text: str, locator: str) -> When | None:
    """A date, or a date and time with its zone; None for nothing, today and the future."""
    text = text.strip()
    found = point(text, time.max, locator) if text else None
    return None if found is None or found >= timezone.now() else When(found, found, text)


def interval(text: str, locator: str) -> When | None:
    """An instant, or two joined by a slash of which one may be open (OGC 17-069r4, 7.15.4); None for today."""
    start, slash, end = text.partition("/")
    if not slash:
        return instant(text, locator)
    if start in OPEN and end in OPEN:
        return None
    begin = None if start in OPEN else point(start, time.min, locator)
    finish = None if end in OPEN else point(end, time.max, locator)
    return stretch(begin, finish, locator, text)


def stretch(start: datetime | None, end: datetime | None, locator: str, text: str = "") -> When | None:
    """The time from `start` to `end`; None if it lies in the future, of which only today is known."""
    if start and end and start > end:
        raise BadInput(_("The time ends before it begins."), locator=locator)
    now = timezone.now()
    if start and start >= now:
        return None
    return When(start, None if end and end >= now else end, text)


def point(text: str, at: time, locator: str) -> datetime:
    """An instant; of a date, the one at the time `at` in the site's time zone."""
    try:
        if DATE.fullmatch(text):
            return datetime.combine(datetime.fromisoformat(text), at, get_default_timezone())
        if INSTANT.fullmatch(text):
            clock = text[11:].upper().replace(" ", "+")
            return datetime.fromisoformat(f"{text[:10]}T{clock}")
    except ValueError:
        pass
    raise BadInput(
        _("“%(text)s” is neither a date nor a date and time of RFC 3339.") % {"text": text[:40]},
        locator=locator,
        hint=_("For example: %(example)s.") % {"example": EXAMPLE},
    )


def seen(view: View | None) -> AbstractContextManager[None]:
    """Within the block every query speaks of `view`; answers must be read to their end inside it."""
    if view is None:
        return nullcontext()
    if isinstance(view, Draft):
        return draft(*view.change_sets) if view.change_sets else nullcontext()
    if view.start is not None and view.start == view.end:
        return as_of(view.start)
    return within(view.start, view.end)
