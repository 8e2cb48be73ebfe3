"""Outside reviewers: a small office lets somebody decide on one change set by a signed link that expires.

The reviewer becomes a person of the portal who cannot sign in, so that four eyes, history and audit know them like
everybody else. A link is worth what the person who made it may do now; its secret is told once and kept as a digest.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registries.changes.models import ChangeSet, ReviewLink
from registries.core.errors import BadInput, NotFound, WrongState
from registries.core.models import User

SALT = "registries.changes.links"
LONGEST = timedelta(days=90)
NAME_LENGTH = 150


class Expired(WrongState):
    default = gettext_noop("This link is no longer valid.")


def valid() -> QuerySet[ReviewLink]:
    """The links that open now; one that names the author never does."""
    found = ReviewLink.objects.filter(revoked_at=None, expires_at__gt=timezone.now(), named_by__is_active=True)
    return found.exclude(reviewer=F("change_set__author")).exclude(named_by=F("change_set__author"))


def held(person: User, change_set: ChangeSet) -> ReviewLink | None:
    """The valid link by which an outside reviewer, and nobody else, decides on `change_set`."""
    if person.is_active or is_author(person.email, change_set):
        return None
    return valid().select_related("named_by").filter(reviewer=person, change_set=change_set).first()


def is_author(email: str, change_set: ChangeSet) -> bool:
    """Whether the address is the author's: nobody becomes the outside reviewer of their own change set."""
    return bool(email) and email.strip().casefold() == change_set.author.email.strip().casefold()


def make(named_by: User, change_set: ChangeSet, name: str, email: str, valid_for: timedelta) -> tuple[ReviewLink, str]:
    """A new link and its secret."""
    name, email = name.strip(), email.strip()
    _check(change_set, name, email, valid_for)
    secret = signing.Signer(salt=SALT).sign(secrets.token_urlsafe(24))
    reviewer = User(username=f"outside-{secrets.token_hex(6)}", first_name=name, email=email, is_active=False)
    reviewer.set_unusable_password()
    reviewer.save()
    link = ReviewLink.objects.create(
        change_set=change_set,
        reviewer=reviewer,
        named_by=named_by,
        expires_at=timezone.now() + valid_for,
        digest=_digest(secret),
    )
    return link, secret


def _check(change_set: ChangeSet, name: str, email: str, valid_for: timedelta) -> None:
    if not name or len(name) > NAME_LENGTH:
        raise BadInput(
            _("Say who the reviewer is, in at most %(count)d characters.") % {"count": NAME_LENGTH}, locator="name"
        )
    try:
        validate_email(email)
    except ValidationError as error:
        raise BadInput(_("This is not an e-mail address."), locator="email") from error
    if is_author(email, change_set):
        raise BadInput(
            _("Nobody approves their own change set."), locator="email", hint=_("Name somebody else than the author.")
        )
    if not timedelta(0) < valid_for <= LONGEST:
        raise BadInput(_("A link is valid for at most %(days)d days.") % {"days": LONGEST.days}, locator="valid_for")


def link_of(secret: str) -> ReviewLink:
    """The link behind a secret; NotFound for one that the portal never gave out, Expired for one that is over."""
    try:
        signing.Signer(salt=SALT).unsign(secret)
    except signing.BadSignature as error:
        raise NotFound(_("There is no such link."), locator="link", hint=_("Copy the whole address.")) from error
    found = ReviewLink.objects.select_related("change_set__author", "reviewer", "named_by")
    link = found.filter(digest=_digest(secret)).first()
    if link is None:
        raise NotFound(_("There is no such link."), locator="link", hint=_("Copy the whole address."))
    if held(link.reviewer, link.change_set) != link:
        raise Expired(locator="link", hint=_("Ask whoever sent it to you for a new one."))
    return link


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
