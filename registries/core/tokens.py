"""Access tokens: passwords for programs, such as QGIS or a script, which cannot answer for a second factor.

A secret is told once. What is kept is its SHA-256, which suffices for 238 random bits: nobody can try them all.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from registries.core import audit
from registries.core.errors import BadInput, NotAllowed
from registries.core.models import AccessToken, User

MARK = "gp_"
LENGTH = 40
LONGEST = timedelta(days=365)
# Writing down each use would make every read of a program a write.
USE_NOTED_EVERY = timedelta(hours=1)
FORM = re.compile(rf"{MARK}[A-Za-z0-9]{{{LENGTH}}}", re.ASCII)
_LETTERS = string.ascii_letters + string.digits


@transaction.atomic
def issue(person: User, name: str, scope: str, valid_for: timedelta) -> str:
    """A new token's secret. Raises BadInput."""
    if not name.strip():
        raise BadInput(
            _("A token needs a name."), locator="name", hint=_("Say what it is for, such as “QGIS, office”.")
        )
    if scope not in AccessToken.Scope.values:
        raise BadInput(_("A token is for reading or for editing."), locator="scope")
    if not timedelta(0) < valid_for <= LONGEST:
        message = _("A token is valid for 1 to %(days)d days.") % {"days": LONGEST.days}
        raise BadInput(message, locator="valid_for")
    secret = MARK + "".join(secrets.choice(_LETTERS) for _place in range(LENGTH))
    token = AccessToken.objects.create(
        person=person,
        name=name.strip()[:80],
        scope=scope,
        prefix=secret[:9],
        digest=_digest(secret),
        expires_at=timezone.now() + valid_for,
    )
    audit.record(person, "issue token", _subject(token), scope=scope, until=token.expires_at.isoformat())
    return secret


def known(secret: str) -> AccessToken | None:
    """The token of `secret`, whatever its state. The look-up is by digest: its time tells nothing of the secret."""
    if not FORM.fullmatch(secret):
        return None
    return AccessToken.objects.select_related("person").filter(digest=_digest(secret)).first()


def is_live(token: AccessToken) -> bool:
    return token.revoked_at is None and token.expires_at > timezone.now() and token.person.is_active


def find(secret: str) -> AccessToken | None:
    """The token that opens with `secret` now, its use noted; None for a wrong, expired or revoked one."""
    token = known(secret)
    if token is None or not is_live(token):
        return None
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - USE_NOTED_EVERY:
        AccessToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token


@transaction.atomic
def revoke(actor: User, token: AccessToken) -> None:
    """End `token`, of the actor's own; revoking twice changes nothing. Raises NotAllowed."""
    if token.person_id != actor.pk:
        raise NotAllowed(_("This token belongs to somebody else."))
    if AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit.record(actor, "revoke token", _subject(token))


@transaction.atomic
def revoke_all(actor: User, person: User) -> int:
    """End every live token of `person`; how many there were. Whoever calls has checked that the actor administers."""
    live = AccessToken.objects.filter(person=person, revoked_at=None, expires_at__gt=timezone.now())
    tokens = list(live)
    live.update(revoked_at=timezone.now())
    for token in tokens:
        audit.record(actor, "revoke token", _subject(token), of=person.pk)
    return len(tokens)


def may_write(token: AccessToken | None) -> bool:
    """Whether what comes with `token` may change anything; without a token the session's own rights decide."""
    return token is None or token.scope == AccessToken.Scope.EDIT


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _subject(token: AccessToken) -> str:
    return f"core.accesstoken:{token.pk}"
