"""Which downloads the audit notes: those of signed-in people that hold more than everybody may see.

What is public stays nobody's business, and costs nothing. Called before the answer is made, since that reads in a
transaction of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser

from layers.access import Reader
from layers.layer import Layer
from registries.core import audit
from registries.core.models import Audience, User

# Parameters that page through one download or shape it, but narrow nothing.
SHAPING = frozenset({
    "service", "version", "request", "typenames", "typename", "outputformat", "resulttype", "srsname", "namespaces",
    "count", "maxfeatures", "startindex", "limit", "offset", "f", "crs", "bbox", "bbox-crs", "lang", "propertyname",
    "sortby",
})  # fmt: skip
TOLD = 300


def note(
    user: User | AnonymousUser | None, layer: Layer | None, reader: Reader, form: str, given: Iterable[tuple[str, str]]
) -> None:
    """Note that `user` downloads `layer`, as `reader` sees it, by a request with the parameters `given`."""
    if layer is None or not is_closed(layer, reader):
        return
    asked = [(name.lower(), value) for name, value in given]
    filter = "&".join(f"{name}={value}" for name, value in asked if name not in SHAPING and value)
    # PostgreSQL takes no NUL in a text.
    filter = filter.replace("\0", "")
    place = next((value for name, value in asked if name == "bbox"), "")
    audit.exported(user, f"layer {layer.key}", form, filter=filter[:TOLD], place=place[:TOLD])


def is_closed(layer: Layer, reader: Reader) -> bool:
    """Whether the layer, cut to what the reader may see, holds columns or rows that the public does not see."""
    if layer.audience > Audience.PUBLIC or any(column.audience > Audience.PUBLIC for column in layer.columns):
        return True
    return layer.per_network and bool(reader.token)
