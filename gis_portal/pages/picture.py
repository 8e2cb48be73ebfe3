"""The drawing of one change, or of a shape in conflict, as an SVG with its own words: measures and what marks mean."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from layers.differences.picture import Drawing, Outlines, outlines
from registries.core.errors import FieldConflict
from registries.core.records import registry_model

SVG = "image/svg+xml"
LINE_PX, BAR_PX = 21, 34
GREY, GREEN, RED = "#5f6b75", "#0f7a3d", "#c01f2e"


@dataclass(frozen=True)
class Line:
    text: str
    y: int
    mark: str = ""
    color: str = ""


# Of what was, what was published and what is proposed: colour, width in pixels, dashes.
PENS = ((GREY, 2, "9 6"), ("#6b3fa0", 4, "1 7"), (GREEN, 2, ""))


@dataclass(frozen=True)
class Outline:
    """One version of a shape, and its line in the legend."""

    label: str
    path: str
    y: int
    color: str
    width: int
    dashes: str


def answer(request: HttpRequest, drawing: Drawing) -> HttpResponse:
    told = [("", "", title(drawing)), ("", "", measures(drawing)), *marks(drawing)]
    lines = [(mark, color, text) for mark, color, text in told if text]
    context = {
        "drawing": drawing,
        "title": title(drawing),
        "told": ". ".join(text for _mark, _color, text in lines[1:]) + ".",
        "lines_of_text": [
            Line(text, BAR_PX + LINE_PX * (place + 1), mark, color) for place, (mark, color, text) in enumerate(lines)
        ],
        "full_height": drawing.height + BAR_PX + LINE_PX * len(lines) + 18,
        **bar(drawing),
        "areas": drawing.dimension == 2,
        "lines": drawing.dimension == 1,
        "stroke": 4 if drawing.dimension else 14,
        "lang": get_language(),
    }
    return render(request, "portal/difference.svg", context, content_type=SVG)


def of_conflict(request: HttpRequest, conflict: FieldConflict) -> HttpResponse:
    """The shape as it was, as published meanwhile and as proposed, one upon the other."""
    drawing = outlines([conflict.base, conflict.published, conflict.proposed])
    # Dots tell themselves apart by size: the proposed one lies upon the others.
    pens = PENS if drawing.dimension else [(color, 18 - 5 * place, "") for place, (color, *_line) in enumerate(PENS)]
    labels = (_("Was"), _("Published meanwhile"), _("Proposed here"))
    context = {
        "drawing": drawing,
        "title": _("The shape as it was, as published meanwhile and as proposed"),
        "versions": [
            Outline(label, path, drawing.height + BAR_PX + LINE_PX * place, *pen)
            for place, (label, path, pen) in enumerate(zip(labels, drawing.paths, pens, strict=True))
        ],
        "areas": drawing.dimension == 2,
        "dots": not drawing.dimension,
        "full_height": drawing.height + BAR_PX + LINE_PX * len(labels),
        **bar(drawing),
        "lang": get_language(),
    }
    return render(request, "portal/conflict.svg", context, content_type=SVG)


def bar(drawing: Drawing | Outlines) -> dict[str, object]:
    """The bar of the scale, below the drawing."""
    return {"bar": number_format(drawing.bar_m, force_grouping=True) + " " + _("m"), "bar_y": drawing.height + 2}


def title(drawing: Drawing) -> str:
    actions = {"added": _("Added"), "changed": _("Changed"), "removed": _("Removed")}
    thing = f"{registry_model(drawing.registry)._meta.verbose_name} {drawing.title}".strip()
    return f"{actions[drawing.action]}: {thing}"


def measures(drawing: Drawing) -> str:
    if drawing.before is None and drawing.after is None:
        return ""
    both = (drawing.before, drawing.after)
    # A change of less than a unit would not be seen in whole ones.
    is_fine = drawing.dimension == 1 or (None not in both and 0 < abs(both[0] - both[1]) < 1)  # type: ignore[operator]
    before, after = (measure(value, drawing.dimension, 2 if is_fine else 0) for value in both)
    if drawing.before is None:
        return after
    if drawing.after is None:
        return before
    if drawing.is_kept:
        return _("%(measure)s, as before") % {"measure": after}
    return _("Before %(before)s, after %(after)s") % {"before": before, "after": after}


def measure(value: float | None, dimension: int, digits: int) -> str:
    if value is None:
        return ""
    unit = _("m²") if dimension == 2 else _("m")
    return f"{number_format(f'{value:.{digits}f}', digits, force_grouping=True)} {unit}"


def marks(drawing: Drawing) -> list[tuple[str, str, str]]:
    """What each mark means, of those that the drawing has."""
    found = []
    if drawing.is_kept:
        found.append(("■", GREY, _("the shape stays as it is")))
    elif drawing.kept:
        found.append(("■", GREY, _("stays")))
    if drawing.added:
        found.append(("+", GREEN, _("new here")))
    if drawing.removed:
        found.append(("−", RED, _("no longer here")))
    if not drawing.dimension:
        return found
    new, old = len(drawing.new_corners), len(drawing.old_corners)
    if new:
        found.append(
            ("●", GREEN, ngettext("%(count)d corner is new", "%(count)d corners are new", new) % {"count": new})
        )
    if old:
        found.append(("○", RED, ngettext("%(count)d corner goes", "%(count)d corners go", old) % {"count": old}))
    return found
