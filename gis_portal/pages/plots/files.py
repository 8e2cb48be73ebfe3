"""Photos and documents of a plot, as far as they are open to the reader, and their addresses."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.db.models import IntegerField, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest
from django.template.defaultfilters import filesizeformat
from django.utils.timezone import localdate

from gis_portal.pages import values
from gis_portal.pages.plots import addresses
from gis_portal.pages.plots.sheets import FileSheet
from registries.core.models import Audience
from registries.land.models import FileKind, MediaType, Plot, PlotFile

SUFFIXES = {MediaType.JPEG: "jpg", MediaType.PNG: "png", MediaType.PDF: "pdf"}
NO_NAME = re.compile(r"[^\w.-]+")
NAME_LENGTH = 60
# Photos are sent in these widths, or as they are.
WIDTHS_PX = (320, 640, 1280)
PAGE_PX = 640
# On a past day files are those of that day, but who may see them is decided by today's published truth, as with
# networks (`layers.access`): what was open by mistake stays closed, and what is not published any more is for staff.
TODAY = RawSQL("(SELECT p.audience FROM public.land_plotfile p WHERE p.id = land_plotfile.id)", [], IntegerField())


def guarded() -> QuerySet[PlotFile]:
    """Files of the day that is read, each with `open_to`, the least audience that may see it."""
    now = Coalesce(TODAY, Value(Audience.INTERNAL.value))
    return PlotFile.objects.annotate(open_to=Greatest("audience", now, output_field=IntegerField()))


def files_of(plot: Plot, audience: Audience) -> list[PlotFile]:
    found = guarded().filter(plot=plot, open_to__lte=audience)  # type: ignore[misc]
    return list(found.order_by("position", "title", "pk"))


def sheet_of(file: PlotFile) -> FileSheet:
    return FileSheet(
        id=str(file.pk),
        kind=file.kind,
        kind_label=str(FileKind(file.kind).label),
        title=values.in_language(file, "title"),
        media_type=file.media_type,
        size=filesizeformat(file.size_bytes),
        name=name_of(file),
        credit=file.credit,
        on=file.dated_on or localdate(file.begin_lifespan_version),
        width=file.width,
        height=file.height,
        sha256=file.sha256,
    )


def name_of(file: PlotFile) -> str:
    """What the file is called in its address and when it is saved: another content has another name."""
    stem = NO_NAME.sub("-", file.title_en or file.title).strip("-.")[:NAME_LENGTH] or file.kind
    return f"{stem}-{mark_of(file)}.{SUFFIXES[MediaType(file.media_type)]}"


def mark_of(file: PlotFile) -> str:
    return file.sha256[:10]


def addresses_of(code: str, file: FileSheet, at: str = "") -> tuple[str, str]:
    """Of the file, and of a photo in the width of a page."""
    rest = f"files/{file.id}/{quote(file.name)}"
    return addresses.path(code, rest=rest, at=at), addresses.path(code, rest=rest, at=at, width=str(PAGE_PX))
