"""From values of published columns to columns of the registry, and what those are where nothing was said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import NOT_PROVIDED, Field
from django.utils.translation import gettext as _
from psycopg.types.range import Range

from layers.layer import Column, Layer, Writes
from layers.writing.references import References
from layers.writing.rows import Row
from registries.core.errors import BadInput
from registries.core.records import registry_model

DAY = timedelta(days=1)


def target(layer: Layer, writes: Writes) -> Field[Any, Any]:
    """The field of the registry that a value goes to."""
    fields = registry_model(layer.registry)._meta.concrete_fields
    return next(one for one in fields if one.column == writes.column)


def default(layer: Layer, column: Column) -> Any:
    """What stands in a column of which nothing was ever said."""
    writes = column.writes
    if writes is None or writes.key or writes.bound or writes.registry:
        return None
    field = target(layer, writes)
    return field.get_default() if field.default is not NOT_PROVIDED or not field.null else None


def defaults(layer: Layer) -> dict[str, Any]:
    """Those of all columns that can be written; what a feature belongs to stays unless something else is said."""
    return {one.name: default(layer, one) for one in layer.columns if one.writes and not one.writes.registry}


def stored(layer: Layer, values: Mapping[str, Any], row: Row | None, references: References) -> dict[str, Any]:
    """`values` by column of the registry; a period whose other end was not given keeps that of `row`."""
    found: dict[str, Any] = {}
    keyed: dict[str, dict[str, Any]] = defaultdict(dict)
    periods: set[str] = set()
    for name, value in values.items():
        column = layer.column(name)
        assert column is not None, "Values of unknown columns were refused."
        writes = column.writes
        assert writes is not None, "Values of computed columns were refused."
        if writes.key:
            keyed[writes.column][writes.key] = _plain(value)
        elif writes.bound:
            periods.add(writes.column)
        elif writes.registry:
            found[writes.column] = None if value in (None, "") else references.find(layer, column, value)
        else:
            found[writes.column] = value
    return {**found, **keyed, **{name: _period(layer, name, values, row) for name in periods}}


def _plain(value: Any) -> Any:
    """What the asset catalogue takes as the value of an attribute."""
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def _period(layer: Layer, name: str, values: Mapping[str, Any], row: Row | None) -> Range[date] | None:
    ends: dict[str, Any] = {}
    for column in layer.columns:
        if column.writes and column.writes.column == name:
            before = row.values.get(column.name) if row else None
            ends[column.writes.bound] = values.get(column.name, before)
    first, last = ends.get("lower"), ends.get("upper")
    if first is None and last is None:
        return None
    if first is not None and last is not None and first > last:
        raise BadInput(_("The period ends before it begins."), locator=name)
    return Range(first, last + DAY if last is not None else None, "[)")
