"""GetPropertyValue: the values of one property of what a query finds (OGC 09-025r2, 10)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from django.utils.translation import gettext as _
from psycopg import sql

from layers.filters.nodes import All, IsNull, Not, Property
from layers.query import feature_id, snapshot
from layers.wfs import names
from layers.wfs.caller import Caller
from layers.wfs.features import downloads, found, prepare
from layers.wfs.operations import Answer, perform
from layers.wfs.output import gml
from layers.wfs.output.dialects import GML32
from layers.wfs.output.found import Found, Member
from layers.wfs.parameters import local_name
from layers.wfs.requests import GetPropertyValue
from registries.core.errors import BadInput

IDS = frozenset({"@gml:id", "@id"})


@perform.register
def _get_property_value(request: GetPropertyValue, caller: Caller) -> Answer:
    prepared = prepare(request, caller)
    if prepared.form.dialect is not GML32:
        raise BadInput(_("Values are served as GML 3.2 only."), locator="outputFormat")
    if len(prepared.queries) != 1 or len(prepared.queries[0]) != 1:
        raise BadInput(_("GetPropertyValue takes one query."), locator="typeNames")
    ((member,),) = prepared.queries
    narrowed, item = valued(member, name_of(request, member))
    prepared = replace(prepared, queries=((narrowed,),))

    def body() -> Iterator[bytes]:
        with snapshot(prepared.view) as is_published:
            yield from write(found(prepared, is_published), item)

    return Answer(names.GML_TYPE, body(), **downloads(prepared))


def name_of(request: GetPropertyValue, member: Member) -> str:
    """The property: its name, perhaps after that of the feature type; or the identifier, as `@gml:id`."""
    path = request.value_reference.strip().removesuffix("/text()").split("/")
    steps = [step for step in path if step not in ("", "*")]
    own = not steps[:-1] or [local_name(step) for step in steps[:-1]] == [member.query.layer.key]
    name = (steps[-1] if steps[-1].startswith("@") else local_name(steps[-1])) if steps else ""
    known = name in IDS or name == names.GEOMETRY or member.query.layer.column(name) is not None
    if not own or not known:
        raise BadInput(
            _("The feature type has no property “%(name)s”.") % {"name": request.value_reference[:80]},
            locator="valueReference",
        )
    return name


def valued(member: Member, name: str) -> tuple[Member, sql.Composable]:
    """The features that have a value, and SQL of that value: an element as a feature holds it, an identifier bare."""
    query = member.query
    if name in IDS:
        return member, feature_id(query)
    has_value = Not(IsNull(Property(name)))
    query = replace(query, filter=has_value if query.filter is None else All((query.filter, has_value)))
    if name == names.GEOMETRY:
        return replace(member, query=query), gml.geometry_property(query, member.reference, GML32)
    column = query.layer.column(name)
    assert column is not None
    return replace(member, query=query), gml.values([column])


def write(answer: Found, item: sql.Composable) -> Iterator[bytes]:
    """A ValueCollection; its head goes with the first values: if the database fails at once, nothing has been sent."""
    (result,) = answer.results
    location = gml.schema_location(result.members, answer.links, GML32)
    numbers = gml.numbers(answer.page) + gml.neighbours(answer.page)
    head = f"{gml.DECLARATION}<wfs:ValueCollection {gml.namespaces(GML32)} {location}{numbers}>\n"
    with closing(result.rows([gml.wrapped("wfs:member", item)])) as blocks:
        yield head.encode() + next(blocks, b"")
        yield from blocks
    yield b"</wfs:ValueCollection>\n"
