"""The file of the act that a change set rests on: for those who may see the set, never shown by the portal itself."""

from __future__ import annotations

from pathlib import PurePath

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_portal.pages.desk.case import Case, opened
from registries.changes.models import ChangeSet
from registries.core.errors import NotFound


@require_safe
@opened
def legal(request: HttpRequest, case: Case) -> FileResponse:
    """As a download of no particular kind, so that no browser runs what somebody uploaded."""
    stored = case.change_set.legal_file
    if not stored or not stored.storage.exists(str(stored.name)):
        raise NotFound(_("This change set has no file."))
    answer = FileResponse(
        stored.open("rb"),
        as_attachment=True,
        filename=name_of(case.change_set),
        content_type="application/octet-stream",
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def name_of(change_set: ChangeSet) -> str:
    return PurePath(str(change_set.legal_file.name)).name if change_set.legal_file else ""
