"""Stored rows, as history and change sets keep them, in the words of people: labels, units, codes, names.

Unlike the catalogue's columns, which say what is published, these are all columns of a registry.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db.models import BooleanField, DateField, DateTimeField, Field, ForeignKey, JSONField, UUIDField
from django.db.models.fields import DecimalField, FloatField, IntegerField
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gis_portal.pages import values
from layers.assets import link_columns, node_columns
from layers.land import LAND_LAYERS
from registries.core import codes
from registries.core.overlay import plain_columns
from registries.core.records import registry_model
from registries.networks.models import AssetAttribute, AssetType, Link, Node

Row = dict[str, Any]
TITLES = ("name", "code", "national_cadastral_reference", "label", "title")
UNIT_IN_LABEL = re.compile(r"\s*\(([^()]*)\)$")
NUMBERS = (DecimalField, FloatField, IntegerField)


@dataclass(frozen=True)
class Line:
    """One column of one object: what stood there and what stands there."""

    name: str
    label: str
    old: str
    new: str

    @property
    def differs(self) -> bool:
        return self.old != self.new


@dataclass
class Names:
    """What the objects are called that rows refer to, by table and key; asked once for all rows of a page."""

    called: dict[tuple[type, str], str] = field(default_factory=dict)
    attributes: dict[str, dict[str, AssetAttribute]] = field(default_factory=dict)

    def of(self, model: type, key: Any) -> str:
        return self.called.get((model, str(key)), str(key)[:8])


def names(rows: Iterable[tuple[str, Row | None]]) -> Names:
    """The names that (registry, row) pairs need; call it where the draft is overlaid, so that new objects have one."""
    wanted: dict[Any, set[str]] = defaultdict(set)
    for registry, row in rows:
        for column in plain_columns(registry_model(registry)) if row else ():
            if isinstance(column, ForeignKey) and row and row.get(column.column) is not None:
                wanted[column.related_model].add(str(row[column.column]))
    called = {
        (model, str(found.pk)): str(found)
        for model, keys in wanted.items()
        for found in model._base_manager.filter(pk__in=keys)
    }
    attributes: dict[str, dict[str, AssetAttribute]] = defaultdict(dict)
    for one in AssetAttribute.objects.filter(asset_type__in=wanted.get(AssetType, ())):
        attributes[one.asset_type_id][one.key] = one
    return Names(called, dict(attributes))


def title(registry: str, row: Row, known: Names) -> str:
    """What people call the object of a row; its kind where it has no name of its own."""
    own = next((str(row[name]) for name in TITLES if row.get(name)), "")
    kind = known.of(AssetType, row["asset_type_id"]) if "asset_type_id" in row else ""
    plot = _plot(registry, row, known)
    return " · ".join(part for part in (kind, plot, own) if part) or str(registry_model(registry)._meta.verbose_name)


def _plot(registry: str, row: Row, known: Names) -> str:
    """An offer or a right is told apart by the plot or parcel it is about."""
    for column in plain_columns(registry_model(registry)):
        if column.column in ("plot_id", "parcel_id") and row.get(column.column):
            return known.of(column.related_model, row[column.column])
    return ""


def lines(registry: str, old: Row | None, new: Row | None, known: Names) -> list[Line]:
    """Every column in the order of the registry, with the text of both sides."""
    found = []
    for column in plain_columns(registry_model(registry)):
        if isinstance(column, JSONField):
            found += list(_attribute_lines(str(column.column), old or {}, new or {}, known))
            continue
        sides = [text(registry, column, (row or {}).get(column.column), known) for row in (old, new)]
        found.append(Line(column.column, label(column), sides[0], sides[1]))
    return [line for line in found if line.old or line.new]


def _attribute_lines(column: str, old: Row, new: Row, known: Names) -> Iterator[Line]:
    sides = [old.get(column) or {}, new.get(column) or {}]
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        kinds = [known.attributes.get(str(row.get("asset_type_id")), {}).get(key) for row in (old, new)]
        told = [_attribute_text(kind, side.get(key)) for kind, side in zip(kinds, sides, strict=True)]
        yield Line(f"{column}.{key}", _key_label(kinds[1] or kinds[0], key), told[0], told[1])


def _key_label(kind: AssetAttribute | None, key: str) -> str:
    """The heading of one key of a JSON column."""
    standard = {
        "gml:name": _("Name in GML"),
        "gml:description": _("Description in GML"),
        "gml:identifier": _("Identifier in GML"),
        "gml:identifier@codeSpace": _("Code space of the identifier in GML"),
    }
    return capital(str(kind)) if kind else standard.get(key, key)


def line_of(registry: str, path: str, row: Row, sides: Iterable[Any], known: Names) -> tuple[str, list[str]]:
    """The label of the column or attribute `path` and the texts of several values of it; `row` tells the kind."""
    name, _dot, key = path.partition(".")
    if key:
        kind = known.attributes.get(str(row.get("asset_type_id")), {}).get(key)
        return _key_label(kind, key), [_attribute_text(kind, side) for side in sides]
    column = next((one for one in plain_columns(registry_model(registry)) if one.column == name), None)
    if column is None:
        return path, ["" if side is None else str(side) for side in sides]
    return label(column), [text(registry, column, side, known) for side in sides]


def label(column: Field) -> str:
    """As a heading; a unit in brackets is left to the value, which carries it."""
    name = str(column.verbose_name)
    return capital(UNIT_IN_LABEL.sub("", name) if isinstance(column, NUMBERS) else name)


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def text(registry: str, column: Field, value: Any, known: Names) -> str:
    """A JSON value of the column as people read it; empty for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(column, ForeignKey):
        return known.of(column.related_model, value)
    if isinstance(column, BooleanField):
        return _("yes") if value else _("no")
    if isinstance(column, DateTimeField | DateField | DateRangeField):
        return day(str(value))
    if isinstance(column, UUIDField):
        return str(value)
    if column.choices or (registry, str(column.column)) in code_lists():
        return _code(registry, column, str(value))
    if isinstance(column, NUMBERS):
        unit = UNIT_IN_LABEL.search(str(column.verbose_name))
        return _number(value, unit[1] if unit else "")
    return str(value)


def _code(registry: str, column: Field, code: str) -> str:
    known = codes.labels(code_lists().get((registry, str(column.column)), ""))
    choices = {str(key): str(words) for key, words in column.flatchoices}
    return known[code].title if code in known else choices.get(code, code)


def _number(value: Any, unit: str) -> str:
    try:
        return f"{values.plain(value if isinstance(value, int) else float(value))} {unit}".strip()
    except (TypeError, ValueError):
        return str(value)


def day(value: str) -> str:
    """A day, a moment, or a period from one day to another, as PostgreSQL writes them into JSON."""
    if value[:1] in "[(":
        return " – ".join(day(end) if end else "…" for end in value.strip("[]()").split(","))
    moment: datetime | date | None
    try:
        moment = parse_date(value) or parse_datetime(value)
    except ValueError:
        return value
    if isinstance(moment, datetime):
        return date_format(localtime(moment) if moment.tzinfo else moment, "DATETIME_FORMAT")
    return date_format(moment, "DATE_FORMAT") if moment else value


def _attribute_text(kind: AssetAttribute | None, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return _number(value, values.UNITS.get(kind.unit, kind.unit) if kind else "")
    if kind and kind.code_list and (known := codes.labels(kind.code_list).get(str(value))):
        return known.title
    return day(str(value)) if kind and kind.type == AssetAttribute.Type.DATE else str(value)


@cache
def code_lists() -> dict[tuple[str, str], str]:
    """The code list of each stored column that has one, as the catalogue of layers names them."""
    columns = [(layer.registry, column) for layer in LAND_LAYERS for column in layer.columns]
    columns += [(Link.registry(), column) for column in link_columns()]
    columns += [(Node.registry(), column) for column in node_columns()]
    return {(registry, column.name): column.code_list for registry, column in columns if column.code_list}


def registry_title(registry: str) -> str:
    return capital(str(registry_model(registry)._meta.verbose_name))
