"""What can be taken away of a plot: its picture, its sheet as PDF, its data pack; each is made once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import BoundedSemaphore

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_portal.pages.pdf import unavailable
from gis_portal.pages.plots import kept, page
from gis_portal.pages.plots.bundle import Bundle, slug
from gis_portal.pages.plots.paper import Paper
from gis_portal.pages.reading import Reading, reading
from layers.catalogue import catalogue_at
from layers.maps import editions as map_editions
from layers.maps.pictures import picture as drawn
from layers.maps.pictures import png
from layers.query import snapshot
from registries.core import audit
from registries.core.errors import BadInput
from registries.land.models import Plot

# Width, height and how large lines and letters are; the first is what other sites show beside a link (Open Graph).
SIZES = {"card": (1200, 630, 1.6), "wide": (1280, 720, 1.5), "page": (800, 500, 1.2), "small": (400, 250, 0.9)}
# Of the plot's size, on each side of it; a small plot is shown among its neighbours.
MARGIN, LEAST_M = 0.45, 60.0
# So many threads of a process make papers, and so many more wait for that, not longer than this.
HEAVY, WAITING, PATIENCE_S = BoundedSemaphore(2), BoundedSemaphore(1), 2.0


@require_safe
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """As everybody sees the plot, so that one picture serves all."""
    size = request.GET.get("size", "card")
    if size not in SIZES:
        known = ", ".join(SIZES)
        raise BadInput(_("A picture has one of these sizes: %(known)s.") % {"known": known}, locator="size")
    with reading(request) as it:
        return page.found(request, it, code, partial(_picture, size=size), "picture.png")


def _picture(request: HttpRequest, it: Reading, plot: Plot, size: str) -> HttpResponse:
    catalogue = catalogue_at(None, it.when)
    looks = map_editions.edition(catalogue, catalogue, map_editions.installation())
    name = kept.name_of([looks, plot.pk, plot.version, size, it.at, get_language()], ".png")

    def made() -> bytes:
        width, height, scale = SIZES[size]
        bounds = around(plot, width / height)
        shown = drawn(catalogue, bounds, (width, height), srid=settings.REGISTRY_SRID, scale=scale, outline=plot.geom)
        return png(shown)

    return sent(request, name, partial(kept.obtain, name, made), "image/png", "")


def around(plot: Plot, ratio: float) -> tuple[float, float, float, float]:
    """The plot in the middle of a box whose width is `ratio` of its height."""
    west, south, east, north = plot.geom.extent
    wide, tall = ((max(side, LEAST_M)) * (1 + 2 * MARGIN) for side in (east - west, north - south))
    wide, tall = max(wide, tall * ratio), max(tall, wide / ratio)
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2


@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    with reading(request) as it:
        return page.found(request, it, code, _sheet, "sheet.pdf")


def _sheet(request: HttpRequest, it: Reading, plot: Plot) -> HttpResponse:
    paper = Paper.of(request, it, plot)
    note(request, it, plot, "application/pdf")
    name = f"plot-{slug(plot.code)}-{localtime(paper.edition.moment):%Y-%m-%d}-{get_language()}.pdf"
    return sent(request, paper.name, paper.content, "application/pdf", name)


@require_safe
def data(request: HttpRequest, code: str) -> HttpResponse:
    with reading(request) as it:
        return page.found(request, it, code, _data, "data.zip")


def _data(request: HttpRequest, it: Reading, plot: Plot) -> HttpResponse:
    note(request, it, plot, "application/zip")
    with snapshot(it.when):
        bundle = Bundle.of(request, it, plot)
        return sent(request, bundle.name, bundle.content, "application/zip", f"{bundle.stem}.zip", is_shown=False)


def note(request: HttpRequest, it: Reading, plot: Plot, form: str) -> None:
    """Whoever takes away more than everybody may see is noted, as with every download."""
    if it.catalogue.reader.token:
        audit.exported(request.user, f"plot {plot.code}", form, filter=f"at={it.at}" if it.at else "")


@contextmanager
def few() -> Iterator[None]:
    """The other threads go on serving the map: whoever comes when one waits already is refused at once, since a queue
    of waiting threads is what a crawler would fill.
    """
    if not _is_let_in():
        raise unavailable(_("Too many files are being made just now."))
    try:
        yield
    finally:
        HEAVY.release()


def _is_let_in() -> bool:
    if HEAVY.acquire(blocking=False):
        return True
    if not WAITING.acquire(blocking=False):
        return False
    try:
        return HEAVY.acquire(timeout=PATIENCE_S)
    finally:
        WAITING.release()


def sent(
    request: HttpRequest, name: str, make: Callable[[], bytes], media_type: str, called: str, *, is_shown: bool = True
) -> HttpResponse:
    """What `make` makes, or 304 if the client has just that; `name` is that of its content."""
    tag = f'"{hashlib.sha256(name.encode()).hexdigest()[:24]}"'
    same = get_conditional_response(request, etag=tag)
    if same is not None:
        answer = same
    elif kept.has(name) or not called:
        answer = HttpResponse(make(), content_type=media_type)
    else:
        with few():
            answer = HttpResponse(make(), content_type=media_type)
    if called and answer.status_code == 200:
        disposition = content_disposition_header(as_attachment=not is_shown, filename=called)
        answer.headers["Content-Disposition"] = disposition or "inline"
    page.kept(request, answer, tag)
    return answer
