"""What a published layer is. The catalogue lists them; WFS, OGC API, tiles, WMS, legend, viewer and exports add
nothing to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from django.utils.translation import get_language
from psycopg import sql

from registries.core.models import Audience

ColumnType = Literal["text", "integer", "real", "boolean", "date", "datetime", "uuid"]
GeometryKind = Literal["Point", "LineString", "MultiPolygon"]


# Characters that no XML document can hold (XML 1.0, 2.2), and nobody can read.
FORBIDDEN = "".join(map(chr, [*range(1, 9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]))
_FORBIDDEN = str.maketrans("", "", FORBIDDEN)


def printable(text: str) -> str:
    return text.translate(_FORBIDDEN)


@dataclass(frozen=True)
class Titled:
    title_bg: str
    title_en: str

    @property
    def title(self) -> str:
        """In the active language."""
        return printable(self.title_bg if (get_language() or "").startswith("bg") else self.title_en)


@dataclass(frozen=True)
class Writes:
    """Where a value written to a published column goes: to `column` of the layer's registry.

    `key`: to this key of a JSON column. `registry` and `by`: the value names another record by that column of its own.
    `bound`: it is the first or the last day of a period.
    """

    column: str
    key: str = ""
    registry: str = ""
    by: str = ""
    bound: Literal["", "lower", "upper"] = ""


@dataclass(frozen=True, kw_only=True)
class Column(Titled):
    """One published attribute. `expression` is SQL over the layer's source, whose main table is always `t`."""

    name: str
    expression: sql.Composable
    type: ColumnType = "text"
    unit: str = ""
    code_list: str = ""
    audience: Audience = Audience.PUBLIC
    # The first zoom at which a tile carries it; None: never.
    tile_zoom: int | None = None
    # None: computed, never written.
    writes: Writes | None = None

    @property
    def title_and_unit(self) -> str:
        return f"{self.title}, {self.unit}" if self.unit else self.title


@dataclass(frozen=True, kw_only=True)
class Layer(Titled):
    """One published layer: the rows of `source` (a FROM clause with main table `t`) that meet `where`.

    `geom` and `geom_3857` are SQL expressions of the stored geometry in the registry's CRS and in Web Mercator;
    `per_network` says that the rows belong to networks (`t.network_id`) and are shown by their visibility; `topics`
    are the revisions it depends on.
    """

    key: str
    theme: str
    registry: str
    source: sql.Composable
    # The same without joins that only some columns need: PostgreSQL leaves them out of a table by itself, never of a
    # view, such as the past is.
    bare: sql.Composable | None = None
    where: sql.Composable = field(default_factory=lambda: sql.SQL("TRUE"))
    columns: tuple[Column, ...] = ()
    geometry: GeometryKind = "MultiPolygon"
    geom: sql.Composable = field(default_factory=lambda: sql.SQL("t.geom"))
    geom_3857: sql.Composable = field(default_factory=lambda: sql.SQL("t.geom_3857"))
    per_network: bool = False
    # The zone in which a row lies, an expression too; None: the rows' networks decide about rights.
    zone: sql.Composable | None = None
    topics: tuple[str, ...] = ()
    audience: Audience = Audience.PUBLIC
    abstract_bg: str = ""
    abstract_en: str = ""
    min_zoom: int = 0
    symbol: str = ""
    # Columns of the registry that every feature of the layer has alike, set when one is added.
    fixed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def abstract(self) -> str:
        return self.abstract_bg if (get_language() or "").startswith("bg") else self.abstract_en

    @property
    def rows(self) -> sql.Composable:
        """The source as far as conditions, geometry and the columns of tiles need it."""
        return self.bare or self.source

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The revision topics whose change makes every cached answer of this layer stale."""
        shared = ("networks.network", "networks.assettype") if self.per_network else ()
        return (*self.topics, *shared)

    def seen_by(self, audience: Audience) -> Layer:
        """The same layer with just the columns open to `audience`."""
        return replace(self, columns=tuple(c for c in self.columns if c.audience <= audience))
