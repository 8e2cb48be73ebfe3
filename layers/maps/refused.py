"""A refused map as EXCEPTIONS asks for it: as a report, or as a picture that says why, or as an empty picture.

Maps on pages show pictures only: there, a refusal in XML would be a torn icon. OGC 06-042, clause 7.3.3.11; OGC
01-068r3, clause 7.2.3.11.
"""

from __future__ import annotations

import io
import textwrap
from importlib.resources import files

from django.http import HttpResponse
from PIL import Image, ImageColor, ImageDraw, ImageFont

from layers.maps.errors import MapRefusal, wms_exception
from layers.maps.requests import JPEG, Parameters, check_picture

# By the value of EXCEPTIONS: whether the picture says why.
PICTURES = {
    "inimage": True,
    "application/vnd.ogc.se_inimage": True,
    "blank": False,
    "application/vnd.ogc.se_blank": False,
}
# MapProxy brings it; it has the letters of both languages.
FONT = ImageFont.truetype(io.BytesIO(files("mapproxy.image").joinpath("fonts", "DejaVuSansMono.ttf").read_bytes()), 10)
LETTER_PX, MARGIN_PX = 6, 4


def refused(refusal: MapRefusal, asked: Parameters, version: str) -> HttpResponse:
    """The answer to a WMS request that cannot be served."""
    says_why = PICTURES.get(asked.get("exceptions", "").lower())
    if says_why is None or asked.get("request", "").lower() != "getmap":
        return wms_exception(refusal, version)
    try:
        size, media_type = check_picture(asked)
    except MapRefusal:
        return wms_exception(refusal, version)
    return HttpResponse(picture(refusal.message if says_why else "", size, media_type, asked), content_type=media_type)


def picture(words: str, size: tuple[int, int], media_type: str, asked: Parameters) -> bytes:
    """Black letters with a white rim, to be read on any ground."""
    ground = ImageColor.getrgb("#" + (asked.get("bgcolor") or "0xFFFFFF")[2:])
    is_clear = asked.get("transparent", "").lower() == "true" and media_type != JPEG
    shown = Image.new("RGBA", size, (*ground[:3], 0 if is_clear else 255))
    lines = textwrap.fill(words, max(1, (size[0] - 2 * MARGIN_PX) // LETTER_PX))
    ImageDraw.Draw(shown).text((MARGIN_PX, MARGIN_PX), lines, "black", FONT, stroke_width=2, stroke_fill="white")
    written = io.BytesIO()
    if media_type == JPEG:
        shown.convert("RGB").save(written, "JPEG")
    else:
        shown.save(written, "PNG")
    return written.getvalue()
