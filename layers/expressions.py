"""The expressions of the style language that our styles may use, and their value at one zoom for one feature.

A subset of the MapLibre style specification, chapter Expressions: what the browser's rules and Mapnik can both say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Properties = Mapping[str, Any]
OPERATORS = frozenset(
    [
        "literal",
        "get",
        "has",
        "coalesce",
        "concat",
        "zoom",
        "interpolate",
        "step",
        "match",
        "==",
        "!=",
        "in",
        "all",
        "any",
        "!",
    ]
)


def evaluate(expression: Any, zoom: float, properties: Properties) -> Any:
    """The value of `expression` at `zoom` (512 px tiles, as in MapLibre) for a feature with `properties`."""
    if not isinstance(expression, list):
        return expression
    operator, *arguments = expression
    return _OPERATIONS[operator](arguments, zoom, properties)


def parts(expression: Any) -> list[Any]:
    """The expressions directly inside `expression`: what is neither a name, a curve, a stop nor a label of a case."""
    if not isinstance(expression, list) or not expression or not isinstance(expression[0], str):
        return []
    operator, *arguments = expression
    if operator in ("literal", "get", "has", "zoom"):
        return []
    if operator == "interpolate":
        return [arguments[1], *arguments[3::2]]
    if operator == "step":
        return [*arguments[:2], *arguments[3::2]]
    if operator == "match":
        return [arguments[0], *arguments[2:-1:2], arguments[-1]]
    return arguments


def operators(expression: Any) -> set[str]:
    """Every operator used in `expression`; plain arrays such as a dash pattern have none."""
    if not isinstance(expression, list) or not expression or not isinstance(expression[0], str):
        return set()
    return {expression[0]}.union(*(operators(one) for one in parts(expression)))


def properties_of(expression: Any) -> set[str]:
    """The feature properties that `expression` reads."""
    if isinstance(expression, list) and expression and expression[0] in ("get", "has"):
        return {expression[1]}
    return set().union(*(properties_of(one) for one in parts(expression)))


def spelled_out(expression: Any) -> Any:
    """The same value in words that also QGIS before 3.24 reads: labels of `match` as lists, comparisons for `in`."""
    if not isinstance(expression, list) or not expression or expression[0] in ("literal", "get", "has"):
        return expression
    match expression:
        case ["match", value, *cases, fallback]:
            labels = [one if isinstance(one, list) else [one] for one in cases[::2]]
            outputs = map(spelled_out, cases[1::2])
            return ["match", value, *(part for case in zip(labels, outputs, strict=True) for part in case),
                    spelled_out(fallback)]  # fmt: skip
        case ["in", value, ["literal", wanted]]:
            return ["any", *(["==", value, one] for one in wanted)]
        case ["!", ["in", value, ["literal", unwanted]]]:
            return ["all", *(["!=", value, one] for one in unwanted)]
    return [spelled_out(one) for one in expression]


def _step(arguments: list[Any], zoom: float, properties: Properties) -> Any:
    value = evaluate(arguments[0], zoom, properties)
    chosen = arguments[1]
    for stop, output in zip(arguments[2::2], arguments[3::2], strict=True):
        if value is not None and value >= stop:
            chosen = output
    return evaluate(chosen, zoom, properties)


def _match(arguments: list[Any], zoom: float, properties: Properties) -> Any:
    value = evaluate(arguments[0], zoom, properties)
    *cases, fallback = arguments[1:]
    for labels, output in zip(cases[::2], cases[1::2], strict=True):
        if value in (labels if isinstance(labels, list) else [labels]):
            return evaluate(output, zoom, properties)
    return evaluate(fallback, zoom, properties)


def _interpolate(arguments: list[Any], zoom: float, properties: Properties) -> Any:
    base = arguments[0][1] if arguments[0][0] == "exponential" else 1
    stops, outputs = arguments[2::2], arguments[3::2]
    if zoom <= stops[0]:
        return evaluate(outputs[0], zoom, properties)
    if zoom >= stops[-1]:
        return evaluate(outputs[-1], zoom, properties)
    index = max(i for i, stop in enumerate(stops) if stop <= zoom)
    width, along = stops[index + 1] - stops[index], zoom - stops[index]
    share = along / width if base == 1 else (base**along - 1) / (base**width - 1)
    low, high = (evaluate(outputs[i], zoom, properties) for i in (index, index + 1))
    return low + (high - low) * share


def _coalesce(arguments: list[Any], zoom: float, properties: Properties) -> Any:
    values = (evaluate(one, zoom, properties) for one in arguments)
    return next((value for value in values if value is not None), None)


def _in(arguments: list[Any], zoom: float, properties: Properties) -> bool:
    return evaluate(arguments[0], zoom, properties) in evaluate(arguments[1], zoom, properties)


def _concat(arguments: list[Any], zoom: float, properties: Properties) -> str:
    values = (evaluate(one, zoom, properties) for one in arguments)
    return "".join("" if value is None else str(value) for value in values)


_OPERATIONS: dict[str, Callable[[list[Any], float, Properties], Any]] = {
    "literal": lambda a, z, p: a[0],
    "get": lambda a, z, p: p.get(a[0]),
    "has": lambda a, z, p: p.get(a[0]) is not None,
    "zoom": lambda a, z, p: z,
    "coalesce": _coalesce,
    "concat": _concat,
    "step": _step,
    "match": _match,
    "interpolate": _interpolate,
    "in": _in,
    "==": lambda a, z, p: evaluate(a[0], z, p) == evaluate(a[1], z, p),
    "!=": lambda a, z, p: evaluate(a[0], z, p) != evaluate(a[1], z, p),
    "all": lambda a, z, p: all(evaluate(one, z, p) for one in a),
    "any": lambda a, z, p: any(evaluate(one, z, p) for one in a),
    "!": lambda a, z, p: not evaluate(a[0], z, p),
}
