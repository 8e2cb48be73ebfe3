"""Published values as people read them: in their language, with units, code labels, areas in three units."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers.layer import Column, Layer
from registries.core import codes
from registries.core.records import registry_model

UNITS = {"m2": "m²", "m3": "m³", "m3/h": "m³/h", "degC": "°C"}
# What a spreadsheet takes for a formula, whoever typed it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
M2_PER_DKA, M2_PER_HA = 1_000, 10_000


def shown(layer: Layer, column: Column, value: Any) -> str:
    """The text for `value`; empty for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if column.unit == "m2":
        return area(float(value))
    if isinstance(value, int | float | Decimal):
        return f"{plain(value)} {UNITS.get(column.unit, column.unit)}".strip()
    return code_label(layer, column, str(value))


def area(m2: float) -> str:
    """`12 345 m² · 12.35 dka · 1.23 ha`."""
    parts = [(m2, 0, _("m²")), (m2 / M2_PER_DKA, 2, _("dka")), (m2 / M2_PER_HA, 2, _("ha"))]
    # Of a float `number_format` cuts the digits off, a text it leaves as it was rounded.
    rounded = [(f"{value:.{digits}f}", digits, unit) for value, digits, unit in parts]
    return " · ".join(f"{number_format(text, digits, force_grouping=True)} {unit}" for text, digits, unit in rounded)


def plain(value: int | float | Decimal) -> str:
    """Without zeros at the end: pipes have a diameter of 160 mm, not 160.00."""
    if isinstance(value, int):
        return number_format(value, force_grouping=True)
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return number_format(text, len(text.partition(".")[2]), force_grouping=True)


def in_language(record: Any, name: str) -> str:
    """The text of `name`, in English where there is one and English is read; empty where the past has none."""
    english = getattr(record, f"{name}_en", "") if get_language() == "en" else ""
    return english or getattr(record, name) or ""


def label(layer: Layer, name: str, code: str) -> str:
    """What `code` is called in the column `name` of `layer`."""
    column = layer.column(name)
    return code_label(layer, column, code) if column and code else code


def code_label(layer: Layer, column: Column, code: str) -> str:
    """From the code list that staff keep, else from the model's own choices, else the code itself."""
    if column.code_list and (known := codes.labels(column.code_list).get(code)):
        return known.title
    return str(_choices(layer.registry, column.name).get(code, code))


@cache
def _choices(registry: str, name: str) -> dict[str, Any]:
    try:
        field = registry_model(registry)._meta.get_field(name)
    except FieldDoesNotExist:
        return {}
    return dict(getattr(field, "choices", None) or {})


def in_table(text: str) -> str:
    """As a cell of a CSV file, which no spreadsheet runs."""
    return f"'{text}" if text.startswith(FORMULA) else text
