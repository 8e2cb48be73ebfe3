"""What operators speak of: properties, literals, functions, arithmetic, geometry, time (OGC 09-026r2, 7.3–7.6)."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from lxml import etree

from layers.filters.nodes import Call, Expression, Property, Shape, Value
from layers.wfs import names
from layers.wfs.exceptions import NotParsed, OptionNotServed
from layers.wfs.fes import times
from layers.wfs.fes.reading import Reading, local, own, some, unknown
from layers.wfs.gml_in import geometry, is_geometry
from registries.core.errors import BadInput

PROPERTIES = ("ValueReference", "PropertyName")
ARITHMETIC = {"Add": "+", "Sub": "-", "Mul": "*", "Div": "/"}
GML_NAMESPACES = (names.GML, names.GML_3_1)
GML_ID = "@gml:id"
# A step of the paths that FES demands (OGC 09-026r2, 7.4.4): a name, perhaps the first of its kind.
STEP = re.compile(r"(@)?(?:([^\W\d][\w.-]*):)?([^\W\d][\w.-]*)(?:\[1\])?")


def expression(element: etree._Element, reading: Reading) -> Expression:
    reading.count()
    if times.is_time(element) and local(element) != "Literal":
        return times.value(element, reading.locator)
    if own(element):
        name = local(element)
        if name in PROPERTIES:
            return reference(element, reading.locator)
        if name == "Literal":
            return literal(element, reading)
        if name == "Function" or name in ARITHMETIC:
            return call(element, reading)
    if is_geometry(element):
        return Shape(geometry(element, reading.reference, reading.version, reading.locator))
    raise unknown(element, reading.locator)


def literal(element: etree._Element, reading: Reading) -> Expression:
    if not len(element):
        return Value(element.text or "")
    (content,) = some(element, reading.locator, 1)
    if not is_geometry(content) and not times.is_time(content):
        raise unknown(content, reading.locator)
    return expression(content, reading)


def call(element: etree._Element, reading: Reading) -> Call:
    operator = ARITHMETIC.get(local(element))
    name = operator or element.get("name", "").strip().lower()
    if not name:
        raise NotParsed(_("A function has a name."), locator=reading.locator)
    arguments = some(element, reading.locator, 2) if operator else list(element)
    return Call(name, tuple(expression(argument, reading) for argument in arguments))


def reference(element: etree._Element, locator: str) -> Property:
    """A property by a path: of the feature type or alias that comes before it, if one does."""
    text = (element.text or "").strip()
    if not text or len(element):
        raise NotParsed(_("A property has no name."), locator=locator)
    path = re.sub(r"^(\./|//?)", "", text).split("/")
    steps = [STEP.fullmatch(step) for step in path]
    last = steps[-1]
    if "schema-element" in text or last is None or len(path) > 2:
        raise not_a_path(text, locator)
    if last[1]:
        if last[3] != "id":
            raise not_a_path(text, locator)
        return Property(GML_ID, owner(element, path[:-1], steps[:-1], locator))
    return Property(named(element, last, locator), owner(element, path[:-1], steps[:-1], locator))


def owner(element: etree._Element, path: list[str], steps: list[re.Match[str] | None], locator: str) -> str:
    """The feature type or alias of a path, empty if any."""
    if not path or path[0] == "*":
        return ""
    if steps[0] is None or steps[0][1]:
        raise not_a_path(path[0], locator)
    return named(element, steps[0], locator)


def named(element: etree._Element, step: re.Match[str], locator: str) -> str:
    """The local name, with `gml:` if it is one of GML's own; a prefix that is not bound here is taken for ours."""
    _at, prefix, name = step.groups()
    namespace = element.nsmap.get(prefix) if prefix else None
    if namespace in GML_NAMESPACES or (namespace is None and prefix == "gml"):
        return GML_ID if name == "id" else f"gml:{name}"
    if namespace not in (None, names.NAMESPACE):
        raise BadInput(
            _("There is no property “%(name)s” in the namespace “%(namespace)s”.")
            % {"name": name[:80], "namespace": str(namespace)[:120]},
            locator=locator,
            hint=_("Ours is “%(namespace)s”.") % {"namespace": names.NAMESPACE},
        )
    return name


def not_a_path(text: str, locator: str) -> OptionNotServed:
    return OptionNotServed(
        _("The path “%(path)s” is not served.") % {"path": text[:120]},
        locator=locator,
        hint=_("Name a property, or a feature type and its property: %(example)s.")
        % {"example": f"{names.PREFIX}:parcels/{names.PREFIX}:label"},
    )
