"""Stored queries that people define: a definition is checked when it is made, and filled in when it is called.

What a caller gives replaces text and attributes of the parsed definition, so that it can never be read as markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from lxml import etree

from layers.wfs import markup, names, xml
from layers.wfs.exceptions import DuplicateStoredQueryParameter, MissingParameter, NotParsed, OptionNotServed
from layers.wfs.requests import AdHocQuery, CreateStoredQuery, Definition, StoredCall
from layers.wfs.xml import Element, children, required, texts, words
from registries.core.errors import BadInput

# `${name}` (OGC 09-025r2, 14.2.4.2).
PLACE = re.compile(r"\$\{([^{}]{1,100})\}")
LONGEST_ID = 255
# No query of people is longer, and each is kept.
LONGEST = 100_000


def create(root: Element) -> CreateStoredQuery:
    """The request, each definition of which could be called."""
    found = [*children(root, "StoredQueryDefinition"), *children(root, "StoredQuery")]
    if not found:
        raise MissingParameter(
            _("The parameter “%(name)s” is missing.") % {"name": "StoredQueryDefinition"},
            locator="StoredQueryDefinition",
        )
    return CreateStoredQuery(version=xml.version_of(root), definitions=tuple(map(checked, found)))


def checked(definition: Element) -> Definition:
    id = required(definition, "id")
    document = etree.tostring(definition, encoding="unicode", with_tail=False)
    if len(id) > LONGEST_ID or len(document) > LONGEST:
        raise BadInput(_("The stored query is too long."), locator="id")
    declared = parameters(definition)
    if len(set(declared)) < len(declared):
        raise DuplicateStoredQueryParameter(locator="name")
    for text in expression_texts(definition):
        check(text, set(declared))
    return Definition(id=id, title="".join(texts(definition, "Title")[:1]), document=document)


def expression_texts(definition: Element) -> list[Element]:
    found = list(children(definition, "QueryExpressionText"))
    if not found:
        raise MissingParameter(
            _("The parameter “%(name)s” is missing.") % {"name": "QueryExpressionText"}, locator="QueryExpressionText"
        )
    return found


def check(text: Element, declared: set[str]) -> None:
    """Only queries by feature type may be stored: of stored ones a circle could be made."""
    if text.get("language") not in names.QUERY_LANGUAGES:
        raise BadInput(
            _("Queries are stored in the language “%(name)s”.") % {"name": names.QUERY_LANGUAGE}, locator="language"
        )
    kinds = [etree.QName(child).localname for child in text]
    if not kinds or set(kinds) != {"Query"}:
        raise OptionNotServed(_("A stored query holds queries of feature types."), locator="QueryExpressionText")
    for name in used(text):
        if name.lower() not in declared:
            raise BadInput(
                _("The parameter “%(name)s” is not declared.") % {"name": name[:80]}, locator="QueryExpressionText"
            )


def parameters(definition: Element) -> list[str]:
    """The names of the parameters, in lower case: names in pairs have none of their own."""
    return [required(one, "name").lower() for one in children(definition, "Parameter")]


def used(text: Element) -> Iterator[str]:
    for element in text.iter():
        for value in (element.text or "", *map(str, element.attrib.values())):
            yield from PLACE.findall(value)


def parsed(document: str) -> Element:
    return markup.parse(document.encode())


def queries(definition: Element, call: StoredCall) -> list[AdHocQuery]:
    """The queries of the definition with the call's arguments in their places."""
    for name in parameters(definition):
        if name not in call.arguments:
            raise MissingParameter(_("The parameter “%(name)s” is missing.") % {"name": name}, locator=name)
    found: list[AdHocQuery] = []
    arguments = {**call.arguments, **unqualified(definition, call)}
    for text in expression_texts(definition):
        for query in children(text, "Query"):
            fill(query, arguments)
            found += xml.asked_queries(query, "2.0.0")
    return found


def unqualified(definition: Element, call: StoredCall) -> dict[str, str]:
    """The arguments that are qualified names, by their local ones: in pairs nothing binds the caller's prefix."""
    kinds = {required(one, "name").lower(): one.get("type") or "" for one in children(definition, "Parameter")}
    qualified = [name for name, kind in kinds.items() if kind.rpartition(":")[2] == "QName"]
    return {name: call.arguments[name].rpartition(":")[2] for name in qualified}


def fill(query: Element, arguments: Mapping[str, str]) -> None:
    def given(place: re.Match[str]) -> str:
        return arguments[place[1].lower()]

    try:
        for element in query.iter():
            if element.text:
                element.text = PLACE.sub(given, element.text)
            for name, value in element.attrib.items():
                element.set(name, PLACE.sub(given, str(value)))
    except ValueError:
        raise NotParsed(_("A value holds characters that XML does not allow."), locator="storedQuery_Id") from None


def return_types(definition: Element, known: list[str]) -> list[str]:
    """The feature types that the query gives, as far as they are served; all of them where it does not say."""
    said = [
        name.rpartition(":")[2]
        for text in children(definition, "QueryExpressionText")
        for name in (text.get("returnFeatureTypes") or "").split()
    ]
    return [name for name in dict.fromkeys(said) if name in known] or known


def described(definition: Element, known: list[str]) -> Element:
    """The definition as it is told: under its other name, without what it keeps to itself."""
    definition.tag = names.tag(names.WFS, "StoredQueryDescription")
    types = " ".join(f"{names.PREFIX}:{name}" for name in return_types(definition, known))
    for text in children(definition, "QueryExpressionText"):
        text.set("returnFeatureTypes", types)
        if (text.get("isPrivate") or "").strip() in ("true", "1"):
            for child in list(text):
                text.remove(child)
            text.text = None
    return definition


def title(definition: Element) -> str:
    return next((words(one) for one in children(definition, "Title")), "")
