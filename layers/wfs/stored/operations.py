"""The operations on stored queries (OGC 09-025r2, 14.2 to 14.5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from lxml import etree

from layers.models import StoredQuery
from layers.wfs import xml
from layers.wfs.caller import Caller
from layers.wfs.exceptions import DuplicateStoredQuery
from layers.wfs.names import (
    NAMESPACE,
    PREFIX,
    QUERY_LANGUAGE,
    SCHEMA_LOCATION,
    WFS,
    WFS_SCHEMA,
    XSD,
    XSI,
    tag,
)
from layers.wfs.operations import Answer, document, perform
from layers.wfs.requests import (
    CreateStoredQuery,
    Definition,
    DescribeStoredQueries,
    DropStoredQuery,
    ListStoredQueries,
)
from layers.wfs.stored import definitions, unknown
from layers.wfs.stored.builtin import BUILT_IN, BuiltIn
from registries.core.errors import BadInput, NotAllowed
from registries.core.models import User

NAMES = {"wfs": WFS, "xsd": XSD, "xsi": XSI, PREFIX: NAMESPACE}
# Each is told to everybody who asks for the list.
MOST_KEPT = 1_000

xml.OPERATIONS["CreateStoredQuery"] = definitions.create
Element: TypeAlias = etree._Element


@perform.register
def _list(request: ListStoredQueries, caller: Caller) -> Answer:
    root, types = response("ListStoredQueriesResponse"), [layer.key for layer in caller.catalogue()]
    for id, known in BUILT_IN.items():
        listed(root, id, _(known.title), types)
    for kept in StoredQuery.objects.all():
        definition = definitions.parsed(kept.document)
        listed(root, kept.identifier, definitions.title(definition), definitions.return_types(definition, types))
    return written(root)


def listed(root: Element, id: str, title: str, types: Iterable[str]) -> None:
    query = etree.SubElement(root, tag(WFS, "StoredQuery"), id=id)
    etree.SubElement(query, tag(WFS, "Title")).text = title
    for key in types:
        etree.SubElement(query, tag(WFS, "ReturnFeatureType")).text = f"{PREFIX}:{key}"


@perform.register
def _describe(request: DescribeStoredQueries, caller: Caller) -> Answer:
    """Those asked for, in that order; without any, all."""
    root, types = response("DescribeStoredQueriesResponse"), [layer.key for layer in caller.catalogue()]
    kept = {one.identifier: one for one in StoredQuery.objects.all()}
    for id in request.ids or [*BUILT_IN, *kept]:
        if id in BUILT_IN:
            described(root, id, BUILT_IN[id], types)
        elif id in kept:
            root.append(definitions.described(definitions.parsed(kept[id].document), types))
        else:
            raise unknown(id)
    return written(root)


def described(root: Element, id: str, known: BuiltIn, types: Iterable[str]) -> None:
    query = etree.SubElement(root, tag(WFS, "StoredQueryDescription"), id=id)
    etree.SubElement(query, tag(WFS, "Title")).text = _(known.title)
    for name, type in known.parameters.items():
        etree.SubElement(query, tag(WFS, "Parameter"), name=name, type=type)
    etree.SubElement(
        query,
        tag(WFS, "QueryExpressionText"),
        isPrivate="true",
        language=QUERY_LANGUAGE,
        returnFeatureTypes=" ".join(f"{PREFIX}:{key}" for key in types),
    )


@perform.register
def _create(request: CreateStoredQuery, caller: Caller) -> Answer:
    """All of them or none."""
    author = caller.writer()
    if not len(caller.catalogue()):
        raise NotAllowed(_("Only who edits keeps stored queries here."), locator="request")
    with transaction.atomic():
        if StoredQuery.objects.count() + len(request.definitions) > MOST_KEPT:
            raise BadInput(_("There are too many stored queries."), locator="StoredQueryDefinition")
        for definition in request.definitions:
            keep(definition, author)
    return status("CreateStoredQueryResponse")


def keep(definition: Definition, author: User) -> None:
    if definition.id in BUILT_IN:
        raise DuplicateStoredQuery(locator=definition.id)
    try:
        with transaction.atomic():
            StoredQuery.objects.create(identifier=definition.id, document=definition.document, author=author)
    except IntegrityError:
        raise DuplicateStoredQuery(locator=definition.id) from None


@perform.register
def _drop(request: DropStoredQuery, caller: Caller) -> Answer:
    person = caller.writer()
    kept = StoredQuery.objects.filter(identifier=request.id[:255]).first()
    if kept is None and request.id not in BUILT_IN:
        raise unknown(request.id, "id")
    if kept is None or (kept.author_id != person.pk and not person.is_superuser):
        raise NotAllowed(_("Only who made a stored query drops it."), locator="id")
    kept.delete()
    return status("DropStoredQueryResponse")


def response(name: str) -> Element:
    root = etree.Element(tag(WFS, name), nsmap=NAMES)
    root.set(SCHEMA_LOCATION, f"{WFS} {WFS_SCHEMA}")
    return root


def status(name: str) -> Answer:
    root = response(name)
    root.set("status", "OK")
    return written(root)


def written(root: Element) -> Answer:
    return document(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
