"""The one list of what is published and to whom: layers of land, then one layer for each asset type in use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from layers import assets, revisions
from layers.access import Reader
from layers.land import LAND_LAYERS
from layers.layer import Layer


class Catalogue:
    """The layers that one reader may see, in the order of the legend, found by key."""

    def __init__(self, layers: Iterable[Layer], reader: Reader, numbers: revisions.Numbers) -> None:
        seen = (layer for layer in layers if _is_open(layer, reader, numbers))
        self._layers = {layer.key: layer.seen_by(reader.audience) for layer in seen}
        self.reader = reader
        self.numbers = numbers

    def __iter__(self) -> Iterator[Layer]:
        return iter(self._layers.values())

    def __len__(self) -> int:
        return len(self._layers)

    def get(self, key: str) -> Layer | None:
        return self._layers.get(key)

    def revision(self, layer: Layer) -> int:
        """Rises with every publication that touches the layer."""
        return revisions.of(layer, self.numbers)


def _is_open(layer: Layer, reader: Reader, numbers: revisions.Numbers) -> bool:
    """Whether the reader may know of the layer: by its audience and, for assets, by a network that is open to them."""
    if layer.audience > reader.audience:
        return False
    return not layer.per_network or not assets.holders(numbers).get(layer.key, frozenset()).isdisjoint(reader.networks)


def catalogue_of(reader: Reader) -> Catalogue:
    """What `reader` may see; one query, and three more when the asset catalogue changed since this process last
    looked.
    """
    numbers = revisions.numbers()
    return Catalogue([*LAND_LAYERS, *assets.layers(numbers)], reader, numbers)
