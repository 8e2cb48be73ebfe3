"""What may come with an enquiry. A file's kind is read from its content: names and declared types are only claims.

Nothing is unpacked or run: of an archive only its list of contents is read, so that no bomb goes off here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from registries.core.errors import BadInput
from registries.dealings.models import Enquiry, EnquiryFile

MOST = 5
KINDS = ("pdf", "docx", "xlsx", "odt", "ods", "png", "jpg", "dwg", "dxf", "txt")
SAME = {"jpeg": "jpg", "csv": "txt"}
NAME_MAX = 120
HEAD_BYTES = 4096
# An honest document has dozens of parts; a list of a hundred thousand is made to keep somebody busy.
PARTS_MAX = 5000
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"AutoCAD Binary DXF\r\n\x1a\x00", "dxf"),
)
DWG = re.compile(rb"AC10\d\d")
# Groups of comments (999) may stand before the first section.
DXF = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s*999\r?\n[^\n]*\n)*\s*0\s*\r?\nSECTION\s*\r?\n")
OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
# Of a zip's first entry: its name and, stored as it is, its content (ODF 1.3 part 2, 3.3).
MIMETYPE_AT, MIMETYPE = 30, b"mimetype"
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?\"<>|]+")


@dataclass(frozen=True)
class Accepted:
    name: str
    kind: str
    content: bytes


def accept(files: Iterable[UploadedFile]) -> list[Accepted]:
    """The files as they may be kept. Raises BadInput that names the first at fault."""
    sent = list(files)
    if len(sent) > MOST:
        raise BadInput(
            _("You chose %(count)d files; at most %(most)d can be sent.") % {"count": len(sent), "most": MOST},
            locator="files",
            hint=_("Put several into one PDF."),
        )
    return [_accepted(one) for one in sent]


def keep(enquiry: Enquiry, files: Iterable[Accepted]) -> None:
    for one in files:
        EnquiryFile.objects.create(
            enquiry=enquiry,
            name=one.name,
            kind=one.kind,
            size_bytes=len(one.content),
            sha256=hashlib.sha256(one.content).hexdigest(),
            content=ContentFile(one.content, name="x"),
        )


def _accepted(sent: UploadedFile) -> Accepted:
    content = sent.read()
    name = UNPRINTABLE.sub("_", PurePosixPath(str(sent.name)).name).strip(". ")[-NAME_MAX:] or _("file")
    kind = kind_of(content)
    claimed = PurePosixPath(name).suffix.lower().removeprefix(".")
    claimed = SAME.get(claimed, claimed)
    # Nearly everything can be read as text: pages and pictures that hold scripts, too.
    if kind is None or (claimed not in ("", kind) and (kind == "txt" or claimed in KINDS)):
        raise BadInput(
            _("“%(name)s” cannot be taken: it is none of %(kinds)s, or not what its name says.")
            % {"name": name, "kinds": ", ".join(KINDS)},
            locator="files",
            hint=_("Save it as PDF and choose it again."),
        )
    return Accepted(name if claimed == kind else f"{name}.{kind}", kind, content)


def kind_of(content: bytes) -> str | None:
    """One of `KINDS`, by content; None for anything else, an empty file and office documents with macros."""
    head = content[:HEAD_BYTES]
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if DWG.match(head):
        return "dwg"
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    if DXF.match(head):
        return "dxf"
    return "txt" if _is_text(content) else None


def _kind_of_archive(content: bytes) -> str | None:
    if content[MIMETYPE_AT : MIMETYPE_AT + len(MIMETYPE)] == MIMETYPE:
        told = content[MIMETYPE_AT + len(MIMETYPE) :][:80]
        return next((kind for word, kind in OPEN_DOCUMENT.items() if told.startswith(word + b"PK")), None)
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (BadZipFile, NotImplementedError, ValueError, OSError):
        return None
    if len(names) > PARTS_MAX or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for part, kind in OFFICE.items() if part in names), None)


def _is_text(content: bytes) -> bool:
    """Something that can be read: UTF-8, or the Cyrillic code page of older programs, without control characters."""
    if not content.strip():
        return False
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not re.search(r"[\x00-\x08\x0e-\x1f]", text)
    return False
