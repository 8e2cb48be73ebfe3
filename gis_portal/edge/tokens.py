"""The signed mark of one form: that this portal sent it out, when, and which of two sendings is the second."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.translation import gettext as _

from registries.core.errors import BadInput

SALT = "gis_portal.edge.tokens"
LONGEST = timedelta(days=1)
# Nobody reads and fills in the form faster; programs do.
SHORTEST = timedelta(seconds=3)


def fresh() -> str:
    return TimestampSigner(salt=SALT).sign(uuid4().hex)


def read(text: str) -> UUID:
    """The mark's own number. Raises BadInput where the form is too old, too fresh, or not ours."""
    signer = TimestampSigner(salt=SALT)
    try:
        number = UUID(signer.unsign(text, max_age=LONGEST))
    except SignatureExpired:
        raise BadInput(
            _("The form was open for more than a day."), locator="token", hint=_("Look through it and send it again.")
        ) from None
    except (BadSignature, ValueError):
        raise BadInput(
            _("The form could not be recognised."), locator="token", hint=_("Look through it and send it again.")
        ) from None
    if is_hasty(signer, text):
        raise BadInput(
            _("The form was sent within three seconds, as programs do."),
            locator="token",
            hint=_("If you are a person, just send it again."),
        )
    return number


def is_ours(text: str) -> bool:
    """Whether the form is one of ours that is still good, hasty or not."""
    try:
        TimestampSigner(salt=SALT).unsign(text, max_age=LONGEST)
    except BadSignature:
        return False
    return True


def is_hasty(signer: TimestampSigner, text: str) -> bool:
    try:
        signer.unsign(text, max_age=SHORTEST)
    except SignatureExpired:
        return False
    return True
