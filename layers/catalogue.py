"""The one list of what is published and to whom: layers of land, then one layer for each asset type in use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.contrib.auth.models import AnonymousUser

from layers import assets, revisions
from layers.access import Reader, editor_of, reader_of
from layers.drafts import draft_of
from layers.land import LAND_LAYERS
from layers.layer import Layer
from layers.moment import When, seen
from registries.core.models import User


class Catalogue:
    """The layers that one reader may see, in the order of the legend, found by key."""

    # Whether it is of another day than today, whose extents and counts are not those of the revisions.
    is_past = False

    def __init__(
        self, layers: Iterable[Layer], reader: Reader, numbers: revisions.Numbers, holders: assets.Holders
    ) -> None:
        known = (layer for layer in layers if _is_open(layer, reader, holders))
        self._layers = {layer.key: layer.seen_by(reader.audience) for layer in known}
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


def _is_open(layer: Layer, reader: Reader, holders: assets.Holders) -> bool:
    """Whether the reader may know of the layer: by its audience and, for assets, by a network that is open to them."""
    if layer.audience > reader.audience:
        return False
    return not layer.per_network or not holders.get(layer.key, frozenset()).isdisjoint(reader.networks)


def catalogue_of(reader: Reader, *, past: bool = False) -> Catalogue:
    """What `reader` may see; one query, and three more when the asset catalogue changed since this process last
    looked. `past`: the reader of another day, who may also see kinds of assets that are no more.
    """
    numbers = revisions.numbers()
    holders = assets.former_holders(numbers) if past else assets.holders(numbers)
    catalogue = Catalogue([*LAND_LAYERS, *assets.layers(numbers)], reader, numbers, holders)
    catalogue.is_past = past
    return catalogue


def catalogue_at(user: User | AnonymousUser | None, when: When | None) -> Catalogue:
    """What `user` may see of a time, None being now; to be read within `layers.moment.seen` of the same."""
    with seen(when):
        return catalogue_of(reader_of(user), past=when is not None)


def editing_catalogue(person: User | AnonymousUser | None) -> Catalogue:
    """What `person` may edit: land where they edit a zone, and each kind of asset, used or not, of the theme of a
    network that they edit. Of the rows just theirs, with all columns, because what is not seen is not edited.

    A network of their own draft counts, so it is read within that draft.
    """
    with seen(draft_of(person)):
        reader, numbers = editor_of(person), revisions.numbers()
        land = () if reader.zones == () else LAND_LAYERS
        holders = assets.possible_holders(reader.networks, numbers)
    return Catalogue([*land, *assets.all_layers(numbers)], reader, numbers, holders)
