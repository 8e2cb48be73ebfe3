"""The second factor: codes of an authenticator app (TOTP, RFC 6238), with recovery codes for a lost telephone.

A session that owes its second factor is nobody's: `edge.persons` shows it to every page, protocol and API as a
stranger's, so that there is nothing to forget. Only the log-in pages know whose it is.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from registries.core import audit
from registries.core.models import User
from registries.core.rights import DECIDES, rights_of

# What a session holds when its person has proved the factor: the device, or that the provider has asked for it.
PROOF = "second_factor"
BY_PROVIDER = "provider"
CODES = 10
# A key that was shown and not confirmed is shown again for so long; later it may have been read by others.
KEY_STAYS = timedelta(hours=1)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def must(user: User) -> bool:
    """Whether a second factor is required of `user`: of whoever decides about the registry or about people."""
    if not settings.REQUIRE_SECOND_FACTOR:
        return False
    rights = rights_of(user)
    return user.is_superuser or bool(rights.everywhere.union(*rights.by_zone.values()) & DECIDES)


def device_of(user: User) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def owes(request: HttpRequest, user: User) -> bool:
    """Whether the session of `request` still has to prove the second factor of `user`."""
    proof = request.session.get(PROOF)
    if proof == BY_PROVIDER:
        return False
    if proof is not None:
        # Gone when an administrator has reset it meanwhile.
        return not TOTPDevice.objects.filter(pk=proof, user=user, confirmed=True).exists()
    return must(user) or device_of(user) is not None


def signed_in(request: HttpRequest) -> User | None:
    """Whose session it is, whether or not the second factor was proved: for the log-in pages only."""
    user: User | AnonymousUser = getattr(request, "session_user", request.user)
    return user if isinstance(user, User) else None


def prove(request: HttpRequest, proof: int | str) -> None:
    """Note the proof, under a new session key: whoever knew the old one does not come along."""
    request.session.cycle_key()
    request.session[PROOF] = proof


def new_device(user: User) -> TOTPDevice:
    """The device that `user` is setting up; it counts from `confirm` on."""
    waiting = TOTPDevice.objects.filter(user=user, confirmed=False)
    waiting.filter(created_at__lt=timezone.now() - KEY_STAYS).delete()
    return waiting.first() or TOTPDevice.objects.create(user=user, name="TOTP", confirmed=False)


@transaction.atomic
def confirm(user: User, code: str) -> list[str] | None:
    """Set up the device whose code this is; the recovery codes, or None for a wrong code."""
    # Locked, so that two forms sent at once cannot set up two devices.
    User.objects.select_for_update().get(pk=user.pk)
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or device_of(user) or not device.verify_token(_plain(code)):
        return None
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    audit.record(user, "set up second factor", f"core.user:{user.pk}")
    return new_codes(user)


@transaction.atomic
def verify(user: User, code: str) -> TOTPDevice | None:
    """The device of `user` if `code` is its present one, or an unused recovery code."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None:
        return None
    typed = _plain(code)
    if typed.isdecimal() and len(typed) == device.digits:
        return device if device.verify_token(typed) else None
    spare = StaticDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if spare is None or not spare.verify_token(_digest(typed)):
        return None
    audit.record(user, "use recovery code", f"core.user:{user.pk}", left=spare.token_set.count())
    return device


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Fresh recovery codes, told once; the old ones end."""
    StaticDevice.objects.filter(user=user).delete()
    spare = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = ["".join(secrets.choice(_LETTERS) for _place in range(10)) for _code in range(CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=spare, token=_digest(code)) for code in codes)
    audit.record(user, "make recovery codes", f"core.user:{user.pk}")
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def remove(actor: User, person: User) -> bool:
    """Take the second factor of `person` away; whether there was one. Sessions that proved it prove nothing now."""
    count, _by_model = TOTPDevice.objects.filter(user=person).delete()
    StaticDevice.objects.filter(user=person).delete()
    if count:
        audit.record(actor, "remove second factor", f"core.user:{person.pk}")
    return bool(count)


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()


def _digest(code: str) -> str:
    # As long as the column: 64 bits over a code of 49.
    return hashlib.sha256(code.encode()).hexdigest()[:16]
