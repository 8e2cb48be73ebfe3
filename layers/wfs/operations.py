"""What each operation does: a request and who asks become an answer. One function for each kind of request; those for
features, stored queries and transactions register from their own modules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch

from layers.access import Reader
from layers.layer import Layer
from layers.wfs import names
from layers.wfs.caller import Caller
from layers.wfs.requests import Request


@dataclass(frozen=True)
class Answer:
    """`file_name` is for what people save; `downloads` are the layers of its features, as `reader` sees them."""

    content_type: str
    body: Iterator[bytes]
    file_name: str = ""
    downloads: tuple[Layer, ...] = ()
    reader: Reader | None = None


def document(content: bytes, content_type: str = names.XML_TYPE) -> Answer:
    return Answer(content_type, iter([content]))


@singledispatch
def perform(request: Request, caller: Caller) -> Answer:
    """The answer to `request`; RegistryError if there is none."""
    raise TypeError(type(request))
