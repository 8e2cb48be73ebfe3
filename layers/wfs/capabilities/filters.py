"""What filters may say: FES 2.0 (OGC 09-026r2, 7.14), Filter 1.1 (OGC 04-095, 18) and 1.0 (OGC 02-059, 12)."""

from __future__ import annotations

from collections.abc import Iterable

from layers.filters.functions import FUNCTIONS, Function
from layers.wfs.capabilities.elements import Element, add, listed
from layers.wfs.fes.operators import COMPARISONS, DISTANCES, SPATIAL
from layers.wfs.fes.times import TEMPORAL
from layers.wfs.names import FES, OGC, OWS

# OGC 09-026r2, table 1.
CONFORMANCE = {
    "ImplementsQuery": True,
    "ImplementsAdHocQuery": True,
    "ImplementsFunctions": True,
    "ImplementsResourceId": True,
    "ImplementsMinStandardFilter": True,
    "ImplementsStandardFilter": True,
    "ImplementsMinSpatialFilter": True,
    "ImplementsSpatialFilter": True,
    "ImplementsMinTemporalFilter": True,
    "ImplementsTemporalFilter": True,
    "ImplementsVersionNav": False,
    "ImplementsSorting": True,
    "ImplementsExtendedOperators": False,
    "ImplementsMinimumXPath": True,
    "ImplementsSchemaElementFunc": False,
}
OTHER_COMPARISONS = ("PropertyIsLike", "PropertyIsBetween", "PropertyIsNull", "PropertyIsNil")
GEOMETRIES = (
    *("gml:Envelope", "gml:Point", "gml:LineString", "gml:Curve", "gml:Polygon", "gml:Surface"),
    *("gml:MultiPoint", "gml:MultiCurve", "gml:MultiSurface", "gml:MultiGeometry"),
)
# Curves and surfaces of other kinds than GML 3.1 has in its simple profile are not operands of 1.1.
GEOMETRIES_1_1 = ("gml:Envelope", "gml:Point", "gml:LineString", "gml:Polygon")
OPERATORS = tuple(name for name in SPATIAL if name != "Intersect") + DISTANCES
# Comparisons of 1.1 by what 2.0 calls them.
COMPARISONS_1_1 = {
    "PropertyIsEqualTo": "EqualTo",
    "PropertyIsNotEqualTo": "NotEqualTo",
    "PropertyIsLessThan": "LessThan",
    "PropertyIsGreaterThan": "GreaterThan",
    "PropertyIsLessThanOrEqualTo": "LessThanEqualTo",
    "PropertyIsGreaterThanOrEqualTo": "GreaterThanEqualTo",
    "PropertyIsLike": "Like",
    "PropertyIsBetween": "Between",
    "PropertyIsNull": "NullCheck",
}
# What a function takes and gives, as types of XML Schema and GML.
TYPES = {
    "text": "xsd:string",
    "number": "xsd:double",
    "numeric": "xsd:double",
    "integer": "xsd:int",
    "real": "xsd:double",
    "date": "xsd:dateTime",
    "datetime": "xsd:dateTime",
    "geometry": "gml:AbstractGeometryType",
}


def fes(root: Element) -> None:
    section = add(root, FES, "Filter_Capabilities")
    conformance = add(section, FES, "Conformance")
    for name, is_true in CONFORMANCE.items():
        constraint = add(conformance, FES, "Constraint", name=name)
        add(constraint, OWS, "NoValues")
        add(constraint, OWS, "DefaultValue", str(is_true).upper())
    add(add(section, FES, "Id_Capabilities"), FES, "ResourceIdentifier", name="fes:ResourceId")
    scalar = add(section, FES, "Scalar_Capabilities")
    add(scalar, FES, "LogicalOperators")
    named(add(scalar, FES, "ComparisonOperators"), "ComparisonOperator", (*COMPARISONS, *OTHER_COMPARISONS))
    spatial = add(section, FES, "Spatial_Capabilities")
    named(add(spatial, FES, "GeometryOperands"), "GeometryOperand", GEOMETRIES)
    named(add(spatial, FES, "SpatialOperators"), "SpatialOperator", OPERATORS)
    temporal = add(section, FES, "Temporal_Capabilities")
    named(add(temporal, FES, "TemporalOperands"), "TemporalOperand", ("gml:TimeInstant", "gml:TimePeriod"))
    # The schema of FES knows AnyInteracts as an element, yet not as a name to declare.
    operators = (name for name in TEMPORAL if name != "AnyInteracts")
    named(add(temporal, FES, "TemporalOperators"), "TemporalOperator", operators)
    functions = add(section, FES, "Functions")
    for one in FUNCTIONS.values():
        function(functions, one)


def named(parent: Element, element: str, values: Iterable[str]) -> None:
    for value in values:
        add(parent, FES, element, name=value)


def function(parent: Element, one: Function) -> None:
    element = add(parent, FES, "Function", name=one.name)
    add(element, FES, "Returns", TYPES[one.returns])
    if one.arguments:
        arguments = add(element, FES, "Arguments")
        for argument in one.arguments:
            add(add(arguments, FES, "Argument", name=argument.name), FES, "Type", TYPES[argument.type])


def ogc_1_1(root: Element) -> None:
    section = add(root, OGC, "Filter_Capabilities")
    spatial = add(section, OGC, "Spatial_Capabilities")
    listed(add(spatial, OGC, "GeometryOperands"), OGC, "GeometryOperand", GEOMETRIES_1_1)
    operators = add(spatial, OGC, "SpatialOperators")
    for name in OPERATORS:
        add(operators, OGC, "SpatialOperator", name=name)
    scalar = add(section, OGC, "Scalar_Capabilities")
    add(scalar, OGC, "LogicalOperators")
    listed(add(scalar, OGC, "ComparisonOperators"), OGC, "ComparisonOperator", COMPARISONS_1_1.values())
    arithmetic = add(scalar, OGC, "ArithmeticOperators")
    add(arithmetic, OGC, "SimpleArithmetic")
    function_names(add(add(arithmetic, OGC, "Functions"), OGC, "FunctionNames"), "FunctionName")
    identifiers = add(section, OGC, "Id_Capabilities")
    add(identifiers, OGC, "EID")
    add(identifiers, OGC, "FID")


def ogc_1_0(root: Element) -> None:
    section = add(root, OGC, "Filter_Capabilities")
    operators = add(add(section, OGC, "Spatial_Capabilities"), OGC, "Spatial_Operators")
    for name in OPERATORS:
        add(operators, OGC, "Intersect" if name == "Intersects" else name)
    scalar = add(section, OGC, "Scalar_Capabilities")
    add(scalar, OGC, "Logical_Operators")
    comparisons = add(scalar, OGC, "Comparison_Operators")
    for name in ("Simple_Comparisons", "Like", "Between", "NullCheck"):
        add(comparisons, OGC, name)
    arithmetic = add(scalar, OGC, "Arithmetic_Operators")
    add(arithmetic, OGC, "Simple_Arithmetic")
    function_names(add(add(arithmetic, OGC, "Functions"), OGC, "Function_Names"), "Function_Name")


def function_names(parent: Element, element: str) -> None:
    for one in FUNCTIONS.values():
        add(parent, OGC, element, one.name, nArgs=str(-1 if one.variadic else len(one.arguments)))
