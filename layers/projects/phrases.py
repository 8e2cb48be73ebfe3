"""The expressions of our styles in QGIS's expression language, worked out as far as the feature is known."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from layers.expressions import evaluate, operators, properties_of
from layers.projects.scales import scale_of, zoom_expression

Known = Mapping[str, Any]


def is_constant(expression: Any, known: Known) -> bool:
    """Whether the value is the same at every scale for all features with the properties `known`."""
    return "zoom" not in operators(expression) and properties_of(expression) <= set(known)


def phrase(expression: Any, known: Known) -> str:
    """`expression` for features of which `known` is known, as QGIS evaluates it."""
    if is_constant(expression, known):
        return literal(evaluate(expression, 0, known))
    operator, *arguments = expression
    return _PHRASES[operator](arguments, known)


def literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n") + "'"
    return f"{value:.10g}"


def column(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _listed(arguments: list[Any], known: Known) -> list[str]:
    return [phrase(one, known) for one in arguments]


def _match(arguments: list[Any], known: Known) -> str:
    value, *cases, fallback = arguments
    chosen = phrase(value, known)
    whens = []
    for labels, output in zip(cases[::2], cases[1::2], strict=True):
        listed = ", ".join(literal(one) for one in (labels if isinstance(labels, list) else [labels]))
        whens.append(f"WHEN {chosen} IN ({listed}) THEN {phrase(output, known)}")
    return f"CASE {' '.join(whens)} ELSE {phrase(fallback, known)} END"


def _step(arguments: list[Any], known: Known) -> str:
    value, lowest, *rest = arguments
    stops = list(zip(rest[::2], rest[1::2], strict=True))
    read = phrase(value, known)
    whens = (f"WHEN {read} >= {literal(stop)} THEN {phrase(output, known)}" for stop, output in reversed(stops))
    return f"CASE {' '.join(whens)} ELSE {phrase(lowest, known)} END"


def _interpolate(arguments: list[Any], known: Known) -> str:
    """Straight or exponential from stop to stop, the same beyond the outermost; nothing where there is no scale.

    Without a variable for the zoom, which QGIS 3.22 takes for empty where the scale is known beforehand.
    """
    base = arguments[0][1] if arguments[0][0] == "exponential" else 1
    stops = list(zip(arguments[2::2], _listed(arguments[3::2], known), strict=True))
    whens = [f"WHEN @map_scale >= {scale_of(stops[0][0]):.0f} THEN {stops[0][1]}"]
    for (low, start), (high, end) in pairwise(stops):
        share = f"({zoom_expression()} - {low})"
        share = f"{share} / {high - low:g}" if base == 1 else f"({base} ^ {share} - 1) / {base ** (high - low) - 1:g}"
        whens.append(f"WHEN @map_scale >= {scale_of(high):.0f} THEN {start} + ({end} - {start}) * {share}")
    whens.append(f"WHEN @map_scale < {scale_of(stops[-1][0]):.0f} THEN {stops[-1][1]}")
    return f"CASE {' '.join(whens)} END"


def _compared(sign: str) -> Any:
    # A column without a value is unequal to every value, as in the style language.
    def compare(arguments: list[Any], known: Known) -> str:
        left, right = _listed(arguments, known)
        return f"coalesce({left} {sign} {right}, {'FALSE' if sign == '=' else 'TRUE'})"

    return compare


def _in(arguments: list[Any], known: Known) -> str:
    values = ", ".join(literal(one) for one in evaluate(arguments[1], 0, {}))
    return f"coalesce({phrase(arguments[0], known)} IN ({values}), FALSE)"


_PHRASES = {
    "get": lambda a, k: column(a[0]),
    "has": lambda a, k: f"{column(a[0])} IS NOT NULL",
    "zoom": lambda a, k: zoom_expression(),
    "coalesce": lambda a, k: f"coalesce({', '.join(_listed(a, k))})",
    "concat": lambda a, k: f"concat({', '.join(_listed(a, k))})",
    "match": _match,
    "step": _step,
    "interpolate": _interpolate,
    "==": _compared("="),
    "!=": _compared("<>"),
    "in": _in,
    "all": lambda a, k: "(" + " AND ".join(_listed(a, k)) + ")",
    "any": lambda a, k: "(" + " OR ".join(_listed(a, k)) + ")",
    "!": lambda a, k: f"NOT {phrase(a[0], k)}",
}
