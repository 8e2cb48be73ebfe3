"""GetFeature's answer as a table for people: identifier, columns, and the geometry as well-known text."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

from layers.query import csv, well_known
from layers.wfs.output.found import Found


def write(found: Found) -> Generator[bytes, None, None]:
    """One table, of the one feature type asked for; x before y, whatever the system is called."""
    ((member,),) = (result.members for result in found.results)
    shape = well_known(member.query, member.reference.srid, member.reference.decimals)
    with closing(csv(member.query, member.columns, shape if member.with_geometry else None)) as blocks:
        yield from blocks
