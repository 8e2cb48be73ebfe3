"""How often one visitor may try a public form. Counted in the database, so that all processes count together.

An address is personal: kept is a digest of it that changes every day and that only this installation can make.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from registries.core.errors import TooMany
from registries.dealings.models import Knock

HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Door:
    key: str
    most_an_hour: int


# An office of people shares one address; a machine that tries numbers does so by the thousand.
ENQUIRIES = Door("enquiry", 10)
# Nobody's mailbox is to be filled with confirmations, from wherever they are asked for.
RECIPIENTS = Door("recipient", 5)
NUMBERS = Door("number", 20)
MESSAGES = Door("message", 20)


def knock(door: Door, address: str | None) -> None:
    """Count one try. Raises TooMany."""
    check(door, address)
    Knock.objects.create(door=door.key, who=_who(address))


def check(door: Door, address: str | None) -> None:
    """Raises TooMany if the visitor at `address` has tried too often within the hour; counts nothing."""
    tries = Knock.objects.filter(door=door.key, who=_who(address), at__gt=timezone.now() - HOUR).count()
    if tries >= door.most_an_hour:
        raise TooMany(
            _("There were too many tries from your address. Wait an hour and try again."),
            hint=_("Nothing is lost: what you have sent before has arrived. You can also call or write to us."),
        )


def forget() -> None:
    Knock.objects.filter(at__lt=timezone.now() - KEPT).delete()


def _who(address: str | None) -> str:
    salt = f"registries.dealings.throttle {timezone.now():%Y-%m-%d}"
    return salted_hmac(salt, address or "", algorithm="sha256").hexdigest()
