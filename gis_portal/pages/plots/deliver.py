"""The bytes of a plot's file to whom it is open, as what they are and nothing else."""

from __future__ import annotations

import logging
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from PIL import Image

from gis_portal.pages.plots import files
from gis_portal.pages.reading import reading
from layers.access import reader_of
from layers.search import fold
from registries.core.errors import BadInput, NotFound, Unavailable
from registries.core.models import Audience
from registries.core.rights import Place, rights_of
from registries.land.models import FileKind, PlotFile, stored_at

log = logging.getLogger(__name__)
WEEK_S = 7 * 24 * 3600
SMALL_TYPE, SMALL_QUALITY = "image/webp", 80
# A document must not run or load anything. No `sandbox`: browsers do not show PDF files in one.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'"


@require_safe
def send(request: HttpRequest, code: str, id: UUID, name: str) -> HttpResponse:
    with reading(request):
        file = files.guarded().select_related("plot").filter(pk=id).first()
    if file is None or fold(file.plot.code) != fold(code) or not is_open(request, file):
        raise NotFound(_("There is no such file of this plot."), locator="id")
    width = wanted_width(request, file)
    tag = f'"{file.sha256[:32]}-{width}"'
    same = get_conditional_response(request, etag=tag)
    answer = same if same is not None else delivered(file, width)
    answer.headers["ETag"] = tag
    return guarded(answer, caching(file, name))


def guarded(answer: HttpResponse, caching: str) -> HttpResponse:
    answer.headers["Cache-Control"] = caching
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def is_open(request: HttpRequest, file: PlotFile) -> bool:
    here = rights_of(request.user).audience_at(Place(file.plot.zone_id))
    return file.open_to <= max(here, reader_of(request.user).audience)  # type: ignore[attr-defined]


def wanted_width(request: HttpRequest, file: PlotFile) -> int:
    """Of a photo, in pixels; 0 for the file as it is."""
    text = request.GET.get("width", "")
    if not text or file.kind != FileKind.PHOTO:
        return 0
    if text not in map(str, files.WIDTHS_PX):
        known = ", ".join(map(str, files.WIDTHS_PX))
        raise BadInput(_("A photo is sent in one of these widths: %(known)s.") % {"known": known}, locator="width")
    return int(text)


def caching(file: PlotFile, name: str) -> str:
    """A name that holds the digest never means other bytes."""
    if file.open_to != Audience.PUBLIC:  # type: ignore[attr-defined]
        return "private, no-cache"
    return f"public, max-age={WEEK_S}, immutable" if files.mark_of(file) in name else "public, no-cache"


def delivered(file: PlotFile, width: int) -> HttpResponse:
    path = stored_at(file.sha256)
    if not path.is_file():
        log.error("The bytes of file %s of a plot are missing: %s", file.pk, path)
        raise Unavailable(_("This file is missing on the server. It has been noted."))
    path = smaller(path, width) if width else path
    # At most as large as an upload may be.
    answer = HttpResponse(path.read_bytes(), content_type=SMALL_TYPE if width else file.media_type)
    shown_name = files.name_of(file)
    disposition = content_disposition_header(as_attachment=False, filename=shown_name)
    answer.headers["Content-Disposition"] = disposition or "inline"
    return answer


def smaller(path: Path, width: int) -> Path:
    """The photo in that width at most, made once; kept apart from the files, because it can be made again."""
    kept = Path(settings.VAR_DIR) / "thumbnails" / f"{path.name}-{width}.webp"
    if kept.is_file():
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(path) as photo:
        photo.thumbnail((width, width * 4), Image.Resampling.LANCZOS)
        # Two processes may make the same one at once.
        fresh = kept.with_suffix(f".{uuid4().hex}")
        photo.convert("RGB").save(fresh, "WEBP", quality=SMALL_QUALITY, method=4)
    fresh.replace(kept)
    return kept
