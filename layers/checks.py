"""System checks of the published layers: what would otherwise be found out by a blank map."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from psycopg import sql

from layers import styles
from layers.assets import link_columns, node_columns
from layers.land import LAND_LAYERS
from layers.layer import GeometryKind, Layer
from registries.networks.models import Theme


def sample_layers() -> list[Layer]:
    """The layers of land, and one for each theme and symbol: every style there is, without a database."""
    lines, points = (link_columns, styles.line_symbols()), (node_columns, ["", "hydrant"])
    kinds: dict[GeometryKind, Any] = {"LineString": lines, "Point": points}
    assets = [
        Layer(
            key=f"{theme}_{symbol}",
            title_bg=theme,
            title_en=theme,
            theme=theme,
            registry="",
            source=sql.SQL(""),
            columns=tuple(columns()),
            geometry=kind,
            per_network=True,
            symbol=symbol,
        )
        for theme in Theme.values
        for kind, (columns, symbols) in kinds.items()
        for symbol in symbols
    ]
    return [*LAND_LAYERS, *assets]


@register()
def styles_in_subset(**_: Any) -> list[CheckMessage]:
    """Every style keeps to the subset and reads only columns that tiles carry."""
    found = sorted({problem for layer in sample_layers() for problem in styles.check(layer)})
    return [Error(f"Style {problem}.", hint="See tileconfig/styles/README.md.", id="layers.E001") for problem in found]
