"""The addresses that answers carry: the service's own, and the request's with other values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from layers.wfs.names import PREFIX, VERSION


@dataclass(frozen=True)
class Links:
    """`base` is the service's absolute address without a query; `pairs` the parameters of the request."""

    base: str
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, base: str, pairs: Iterable[tuple[str, str]]) -> Links:
        return cls(base, tuple(pairs))

    def changed(self, **values: object) -> str:
        """The request's own address with `values` in place of its own."""
        replaced = {name.lower() for name in values}
        kept = [(name, value) for name, value in self.pairs if name.lower() not in replaced]
        return f"{self.base}?{urlencode([*kept, *values.items()])}"

    def describe(self, key: str) -> str:
        values = {
            "SERVICE": "WFS",
            "VERSION": VERSION,
            "REQUEST": "DescribeFeatureType",
            "TYPENAMES": f"{PREFIX}:{key}",
        }
        return f"{self.base}?{urlencode(values)}"
