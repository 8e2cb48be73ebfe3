"""The addresses that answers carry: the service's own, and the request's with other values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from layers.wfs.names import PREFIX
from layers.wfs.requests import Version


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

    def describe(self, keys: Iterable[str], version: Version) -> str:
        """Where the schema of feature types is, in the words of `version`."""
        values = {
            "SERVICE": "WFS",
            "VERSION": version,
            "REQUEST": "DescribeFeatureType",
            "TYPENAMES" if version == "2.0.0" else "TYPENAME": ",".join(f"{PREFIX}:{key}" for key in keys),
        }
        return f"{self.base}?{urlencode(values)}"
