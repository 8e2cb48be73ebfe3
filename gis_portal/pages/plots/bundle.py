"""The data pack of a plot: its sheet, its facts as a table, and what lies around it for GIS and CAD, in one zip."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from gis_portal.language import LANGUAGES
from gis_portal.pages import values
from gis_portal.pages.plots import kept
from gis_portal.pages.plots.paper import Paper, whose
from gis_portal.pages.plots.sheets import Fact, Sheet
from gis_portal.pages.reading import Reading
from layers.plots.pack import AROUND_M, MOST, Piece, pieces
from registries.exchange import dxf, export, geopackage
from registries.land.models import Plot

README = "portal/print/readme.txt"
COLUMNS = ("part", "fact", "text", "note", "value", "unit", "source", "date", "known")


@dataclass(frozen=True)
class Bundle:
    """The pack of `plot`: made within the day it speaks of and in one snapshot."""

    reading: Reading
    plot: Plot
    papers: dict[str, Paper]

    @classmethod
    def of(cls, request: HttpRequest, reading: Reading, plot: Plot) -> Bundle:
        papers = {}
        for language in LANGUAGES:
            with override(language):
                papers[language] = Paper.of(request, reading, plot)
        return cls(reading, plot, papers)

    @property
    def moment(self) -> datetime:
        return self.papers["bg"].edition.moment

    @property
    def stem(self) -> str:
        return f"plot-{slug(self.plot.code)}-{localtime(self.moment):%Y-%m-%d}"

    @property
    def name(self) -> str:
        """Names all that decides what is in the pack."""
        names = []
        for language, paper in self.papers.items():
            with override(language):
                names.append(paper.name)
        return kept.name_of([*names, "pack 1"], ".zip")

    def content(self) -> bytes:
        if self.reading.catalogue.reader.token:
            return self.made()
        return kept.obtain(self.name, self.made)

    def made(self) -> bytes:
        """Raises Unavailable where a part cannot be made; a pack that lacks one is none."""
        found = pieces(self.reading.catalogue, self.plot)
        with TemporaryDirectory(prefix="pack-") as folder:
            files = {**self._data(found, Path(folder)), **self._words(found)}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as pack:
            for name, content in sorted(files.items()):
                # The moment of the content, not of the packing: the same content makes the same bytes.
                entry = zipfile.ZipInfo(f"{self.stem}/{name}", self.moment.astimezone(UTC).timetuple()[:6])
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                pack.writestr(entry, content)
        return packed.getvalue()

    def _data(self, found: list[Piece], folder: Path) -> dict[str, bytes]:
        package = export.write([piece.table() for piece in found], export.GEOPACKAGE, folder)
        geopackage.date(package, self.moment)
        drawing = folder / "plot.dxf"
        dxf.write([piece.drawn() for piece in found], drawing, self._told())
        return {f"{self.stem}.gpkg": package.read_bytes(), f"{self.stem}.dxf": drawing.read_bytes()}

    def _told(self) -> dict[str, str]:
        return {
            "CRS": f"EPSG:{settings.REGISTRY_SRID}, metres, x = east, y = north",
            "Source": settings.PUBLISHER_NAME,
            "State of": self.moment.isoformat(timespec="seconds"),
            "Check": self.papers["en"].address,
        }

    def _words(self, found: list[Piece]) -> dict[str, bytes]:
        """The papers and the tables of facts in each language, and what is what in both."""
        files, told = {}, []
        for language, paper in self.papers.items():
            with override(language):
                files[f"{self.stem}-{language}.csv"] = table(paper.sheet)
                told.append(self._readme(found, paper))
                files[f"{self.stem}-{language}.pdf"] = paper.content()
        return {**files, "README.txt": "\r\n\r\n".join(told).encode("utf-8-sig")}

    def _readme(self, found: list[Piece], paper: Paper) -> str:
        context: dict[str, Any] = {
            "sheet": paper.sheet,
            "stem": self.stem,
            "srid": str(settings.REGISTRY_SRID),
            "around": AROUND_M,
            "most": str(MOST),
            "issued": localtime(self.moment),
            "edition": paper.edition,
            "address": paper.address,
            "layers": [(piece.name, piece.query.layer.title) for piece in found],
            **whose(),
        }
        lines = render_to_string(README, context).strip().splitlines()
        return "\r\n".join(line.rstrip() for line in lines)


def table(sheet: Sheet) -> bytes:
    """Every fact of the sheet with its source, as spreadsheets open it."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for part, fact in facts(sheet):
        value = "" if isinstance(fact.value, list) or fact.value is None else fact.value
        known = "no" if fact.is_missing else "yes"
        cells = [part, fact.label, fact.text, fact.note, value, fact.unit, fact.source, fact.on or "", known]
        lines.writerow([values.in_table(cell) if isinstance(cell, str) else cell for cell in cells])
    return written.getvalue().encode("utf-8-sig")


def facts(sheet: Sheet) -> Iterator[tuple[str, Fact]]:
    for part in sheet.parts:
        yield from ((part.title, fact) for fact in part.facts)
    for offer in sheet.offers:
        yield from ((_("Offer: %(title)s") % {"title": offer.title}, fact) for fact in offer.facts)
    yield from ((_("Utilities and transport"), one.fact) for one in sheet.utilities)


def slug(code: str) -> str:
    """The code as part of a file's name."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in code)
