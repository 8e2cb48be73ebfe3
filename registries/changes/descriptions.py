"""What the author says of a change set: title, reason, and the act on which it rests, with its file."""

from __future__ import annotations

from datetime import date
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from registries.changes.edits import FORBIDDEN
from registries.changes.models import ChangeSet
from registries.core.errors import BadInput

# Longest text of each field.
LENGTHS = {"title": 200, "reason": 10_000, "legal_act": 200, "legal_number": 60}
FIELDS = (*LENGTHS, "legal_date", "legal_file")
# A file is what it begins with, whatever its name says.
SIGNATURES = {b"%PDF-": ".pdf", b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}
STEM_LENGTH = 80


def cleaned(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields checked; BadInput names the one at fault. `legal_file` None leaves the file, False removes it."""
    result: dict[str, Any] = {}
    for name, value in fields.items():
        if name in LENGTHS:
            result[name] = text(value, name, LENGTHS[name])
        elif name == "legal_date":
            result[name] = _date(value)
        elif name == "legal_file":
            if value is not None:
                result[name] = _file(value) if value else ""
        else:
            raise BadInput(_("A change set has no “%(name)s”.") % {"name": name}, locator=name)
    if "title" in result and not result["title"]:
        raise BadInput(_("A change set needs a title."), locator="title")
    return result


def text(value: Any, name: str, longest: int) -> str:
    """A text without what no text column takes; BadInput when it is too long."""
    result = FORBIDDEN.sub("", str(value or "")).replace("\r\n", "\n").strip()
    if len(result) > longest:
        raise BadInput(
            _("The text has %(length)d characters; at most %(longest)d are possible.")
            % {"length": len(result), "longest": longest},
            locator=name,
        )
    return result


def _date(value: Any) -> date | None:
    if not value:
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise BadInput(
            _("“%(value)s” is not a date; write it as 2026-01-31.") % {"value": value}, locator="legal_date"
        ) from error


def _file(upload: UploadedFile) -> UploadedFile:
    """The upload under a name that fits what it is."""
    size = upload.size or 0
    if size > settings.UPLOAD_MAX_BYTES:
        raise BadInput(
            _("The file is larger than %(size)d MB.") % {"size": settings.UPLOAD_MAX_BYTES // 1_000_000},
            locator="legal_file",
        )
    head = upload.read(max(map(len, SIGNATURES)))
    upload.seek(0)
    suffix = next((suffix for signature, suffix in SIGNATURES.items() if head.startswith(signature)), None)
    if suffix is None:
        raise BadInput(
            _("The file is neither a PDF nor a PNG or JPEG picture."),
            locator="legal_file",
            hint=_("Scan the act, or save it as PDF."),
        )
    upload.name = (PurePath(upload.name or "").stem[:STEM_LENGTH] or "act") + suffix
    return upload


def replace_file(change_set: ChangeSet, fields: dict[str, Any]) -> None:
    """The file that `fields` replaces goes once the new one is sure to stay."""
    old = change_set.legal_file
    if "legal_file" in fields and old:
        storage, name = old.storage, str(old.name)
        transaction.on_commit(lambda: storage.delete(name))
