"""GetFeature's answer as a file for people: a layer for each result."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

from layers.downloads import Taken, file
from layers.wfs.output.found import Found
from registries.exchange.export import Form


def write(found: Found, form: Form) -> Generator[bytes, None, None]:
    """The whole file, made before its first byte is sent."""
    taken = [
        Taken(member.query, member.columns, member.reference.srid, member.with_geometry)
        for result in found.results
        for member in result.members
    ]
    with closing(file(taken, form)) as blocks:
        yield from blocks
