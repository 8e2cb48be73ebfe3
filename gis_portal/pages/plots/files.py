"""Photos and documents of a plot, as far as they are open to the reader, and their addresses."""

from __future__ import annotations

import re

from django.template.defaultfilters import filesizeformat
from django.utils.timezone import localdate
from django.utils.translation import get_language

from gis_portal.pages.plots.sheets import FileSheet
from registries.core.models import Audience
from registries.land.models import FileKind, MediaType, Plot, PlotFile

SUFFIXES = {MediaType.JPEG: "jpg", MediaType.PNG: "png", MediaType.PDF: "pdf"}
NO_NAME = re.compile(r"[^\w.-]+")
NAME_LENGTH = 60


def files_of(plot: Plot, audience: Audience) -> list[PlotFile]:
    found = PlotFile.objects.filter(plot=plot, audience__lte=audience)
    return list(found.order_by("position", "title", "pk"))


def sheet_of(file: PlotFile) -> FileSheet:
    return FileSheet(
        id=str(file.pk),
        kind=file.kind,
        kind_label=str(FileKind(file.kind).label),
        title=title_of(file),
        media_type=file.media_type,
        size=filesizeformat(file.size_bytes),
        name=name_of(file),
        credit=file.credit,
        on=file.dated_on or localdate(file.begin_lifespan_version),
        width=file.width,
        height=file.height,
        sha256=file.sha256,
        is_public=file.audience == Audience.PUBLIC,
    )


def title_of(file: PlotFile) -> str:
    return (file.title_en if get_language() == "en" else "") or file.title


def name_of(file: PlotFile) -> str:
    """What the file is called in its address and when it is saved."""
    stem = NO_NAME.sub("-", file.title_en or file.title).strip("-.")[:NAME_LENGTH] or file.kind
    return f"{stem}.{SUFFIXES[MediaType(file.media_type)]}"
