"""Layers as a drawing for designers: DXF of AutoCAD 2010, in metres and in the coordinates of the registry's system.

Areas are closed polylines, the holes in them on a layer of their own; lines with heights are polylines in space; labels
lie on layers beside those of their things, so that each can be switched off.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ezdxf
import shapely
import shapely.affinity
from ezdxf import colors, units
from ezdxf.document import Drawing
from ezdxf.enums import TextEntityAlignment
from ezdxf.layouts import Modelspace
from shapely.geometry.base import BaseGeometry

from registries.exchange.export import Table

# The same layers make the same file: no moment of writing, no random names.
ezdxf.options.write_fixed_meta_data_for_testing = True


FONT = "arial.ttf"
DASHED = "DASHED"
# Of a drawing at 1:1000, in metres.
LETTER_M, DASH_M, GAP_M = 2.0, 3.0, 1.5
# How wide a line is shown, in hundredths of a millimetre.
FINE, BOLD = 18, 50


@dataclass(frozen=True)
class Drawn:
    """One layer of the drawing, named like its table. `label` is the field written beside each thing.

    `variant` is the field whose values, `plain` and nothing excepted, lie dashed on layers of their own.
    """

    table: Table
    color: str = "#000000"
    label: str = ""
    variant: str = ""
    plain: str = ""
    is_bold: bool = False


@dataclass
class Reach:
    """What the drawing takes up, so that programs open it where something is."""

    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def frame(self) -> tuple[float, float, float, float]:
        west, south, east, north = zip(*self.boxes, strict=True)
        return min(west), min(south), max(east), max(north)


def write(layers: Sequence[Drawn], path: Path, told: Mapping[str, str]) -> None:
    """The drawing of `layers` in one metric system; `told` are properties of the file, such as its reference system."""
    document = _blank(told)
    space, reach = document.modelspace(), Reach()
    for drawn in layers:
        for thing in _things(drawn):
            _draw(document, space, drawn, thing)
            reach.boxes.append(thing.shape.bounds)
    if reach.boxes:
        _frame(document, reach.frame())
    document.saveas(path)


def _blank(told: Mapping[str, str]) -> Drawing:
    document = ezdxf.new("R2010", units=units.M)
    document.header["$MEASUREMENT"] = 1
    document.header["$LUNITS"], document.header["$LUPREC"] = 2, 3
    document.header["$LTSCALE"] = 1.0
    document.linetypes.add(DASHED, [DASH_M + GAP_M, DASH_M, -GAP_M], description="__ __ __")
    document.styles.add("LABELS", font=FONT)
    for name, value in told.items():
        document.header.custom_vars.append(name, value)
    return document


def _frame(document: Drawing, box: tuple[float, float, float, float]) -> None:
    west, south, east, north = box
    document.header["$EXTMIN"], document.header["$EXTMAX"] = (west, south, 0), (east, north, 0)
    middle = ((west + east) / 2, (south + north) / 2)
    document.set_modelspace_vport(max(north - south, east - west, 1) * 1.1, middle)


@dataclass(frozen=True)
class Thing:
    shape: BaseGeometry
    label: str
    variant: str


def _things(drawn: Drawn) -> Iterator[Thing]:
    names = [one.name for one in drawn.table.fields]
    for *values, geom in drawn.table.rows:
        if geom is None:
            continue
        row: dict[str, Any] = dict(zip(names, values, strict=True))
        variant = str(row.get(drawn.variant) or "")
        label = row.get(drawn.label)
        yield Thing(
            shapely.from_wkb(bytes(geom)),
            "" if label is None else " ".join(str(label).split()),
            "" if variant == drawn.plain else variant,
        )


def _draw(document: Drawing, space: Modelspace, drawn: Drawn, thing: Thing) -> None:
    name = "-".join(part for part in (drawn.table.name, thing.variant) if part).upper()
    line = {"layer": _layer(document, name, drawn, is_dashed=bool(thing.variant))}
    for part in getattr(thing.shape, "geoms", [thing.shape]):
        if part.geom_type == "Polygon":
            _ring(space, part.exterior, line)
            for hole in part.interiors:
                _ring(space, hole, {"layer": _layer(document, f"{name}-HOLES", drawn)})
        elif part.geom_type == "LineString":
            _line(space, part, line)
        else:
            space.add_point(part.coords[0], dxfattribs=line)
    if thing.label:
        _label(space, thing, {"layer": _layer(document, f"{name}-TEXT", drawn), "style": "LABELS"})


def _ring(space: Modelspace, ring: BaseGeometry, look: dict[str, Any]) -> None:
    space.add_lwpolyline([place[:2] for place in ring.coords][:-1], close=True, dxfattribs=look)


def _line(space: Modelspace, line: BaseGeometry, look: dict[str, Any]) -> None:
    if line.has_z:
        space.add_polyline3d(line.coords, dxfattribs=look)
    else:
        space.add_lwpolyline(line.coords, dxfattribs=look)


def _label(space: Modelspace, thing: Thing, look: dict[str, Any]) -> None:
    """Inside an area, along a line, to the right of a point."""
    shape, angle, align = thing.shape, 0.0, TextEntityAlignment.MIDDLE_CENTER
    place: BaseGeometry
    if shape.geom_type == "Point":
        place, align = shapely.affinity.translate(shape, LETTER_M), TextEntityAlignment.MIDDLE_LEFT
    elif shape.geom_type == "LineString":
        place, angle = _middle(shape)
        align = TextEntityAlignment.BOTTOM_CENTER
    else:
        place = shape.point_on_surface()
    text = space.add_text(thing.label, height=LETTER_M, rotation=angle, dxfattribs=look)
    text.set_placement(place.coords[0][:2], align=align)


def _middle(line: BaseGeometry) -> tuple[BaseGeometry, float]:
    """The middle of the line, and its direction there in degrees, so that the text never stands on its head."""
    before, place, after = (line.interpolate(share, normalized=True) for share in (0.45, 0.5, 0.55))
    angle = math.degrees(math.atan2(after.y - before.y, after.x - before.x))
    return place, angle - 180 if angle > 90 else angle + 180 if angle < -90 else angle


def _layer(document: Drawing, name: str, drawn: Drawn, *, is_dashed: bool = False) -> str:
    if name not in document.layers:
        rgb = colors.RGB.from_hex(drawn.color)
        made = document.layers.add(name, color=_nearest(rgb), linetype=DASHED if is_dashed else "Continuous")
        made.rgb = rgb
        made.description = drawn.table.title
        made.dxf.lineweight = BOLD if drawn.is_bold else FINE
    return name


def _nearest(rgb: colors.RGB) -> int:
    """The number of the colour for programs that know only the 255 of AutoCAD."""
    return min(range(1, 256), key=lambda one: sum((a - b) ** 2 for a, b in zip(rgb, colors.aci2rgb(one), strict=True)))
