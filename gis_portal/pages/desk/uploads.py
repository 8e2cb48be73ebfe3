"""What somebody sent as a photo or document, made into what may be shown: it is what its bytes are, not what it is
called; images are written anew, without places, names and dates that cameras put in.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from registries.core.errors import BadInput
from registries.land.models import MediaType

LONGEST_PX, PIXELS_MOST = 2560, 60_000_000
QUALITY = 86
PDF_BEGINS, PDF_ENDS, PDF_END_BYTES = b"%PDF-", b"%%EOF", 2048
KINDS = {"JPEG": MediaType.JPEG, "PNG": MediaType.PNG}


@dataclass(frozen=True)
class Content:
    data: bytes
    media_type: str
    width: int | None = None
    height: int | None = None


def read(upload: UploadedFile | None) -> Content:
    """Raises BadInput, which says what is wrong with the file."""
    if upload is None:
        raise BadInput(_("Choose a file."), locator="file")
    size = upload.size or 0
    if size > settings.UPLOAD_MAX_BYTES:
        most = settings.UPLOAD_MAX_BYTES // 1_000_000
        raise BadInput(_("The file is larger than %(size)d MB.") % {"size": most}, locator="file")
    data = upload.read()
    if data.startswith(PDF_BEGINS):
        return document(data)
    return image(data)


def document(data: bytes) -> Content:
    if PDF_ENDS not in data[-PDF_END_BYTES:]:
        raise BadInput(_("The PDF file is not complete."), locator="file", hint=_("Save it again and send it anew."))
    return Content(data, MediaType.PDF)


def image(data: bytes) -> Content:
    unreadable = BadInput(
        _("The file is no JPEG, PNG or PDF, or it is damaged."), locator="file", hint=_("Send one of these kinds.")
    )
    try:
        with warnings.catch_warnings():
            # What is too large by the library's own measure is refused below, in words.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=list(KINDS))
            kind, (width, height) = picture.format or "", picture.size
            if width * height > PIXELS_MOST:
                raise BadInput(
                    _("The image has more than %(most)d million pixels.") % {"most": PIXELS_MOST // 1_000_000},
                    locator="file",
                    hint=_("Make it smaller and send it anew."),
                )
            return rewritten(picture, kind)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise unreadable from error


def rewritten(picture: Image.Image, kind: str) -> Content:
    """The picture upright, no larger than a screen needs, and nothing but its pixels."""
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_PX, LONGEST_PX), Image.Resampling.LANCZOS)
    is_plain = kind == "JPEG"
    plain = upright.convert("RGB" if is_plain or "A" not in upright.getbands() else "RGBA")
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    written = io.BytesIO()
    if is_plain:
        clean.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    else:
        clean.save(written, "PNG", optimize=True)
    return Content(written.getvalue(), KINDS[kind], *clean.size)
