"""Conditions on features as SQL: the one place where a node of `layers.filters.nodes` reaches the database.

Every value is a literal of the type that it is compared with, every property an expression of the catalogue: whatever
was asked, the statement can be run, and tells only what the reader may see.
"""

from __future__ import annotations

from dataclasses import fields
from functools import singledispatch
from typing import Any

from django.utils.translation import gettext as _
from psycopg import sql

from layers.filters.expressions import argument, comparable, locator_of, term
from layers.filters.literals import plain_text
from layers.filters.nodes import (
    DEEPEST,
    MOST_NODES,
    All,
    AnyOf,
    Between,
    Call,
    Compare,
    Distance,
    Ids,
    IsNull,
    Like,
    Node,
    Not,
    OneOfMany,
    Spatial,
    Temporal,
    Truth,
)
from layers.filters.scope import Scope, Source
from layers.filters.shapes import distance, spatial
from layers.filters.times import temporal
from layers.layer import Layer
from registries.core.errors import BadInput

BRANCHES = (All, AnyOf, Not, Compare, Like, Between, OneOfMany, IsNull, Spatial, Distance, Temporal, Ids, Truth, Call)


def compile(node: Node, of: Layer | Scope) -> sql.Composable:
    """The condition over the source of a layer, or over the derived tables of a join.

    BadInput for a property that the layer does not have, a literal that its type does not have, and too long a filter.
    """
    check_size(node)
    return condition(node, of if isinstance(of, Scope) else Scope((Source(of),)))


def check_size(node: Node) -> None:
    """A tree that is deeper or larger than people's questions would end the process or occupy it."""
    stack: list[tuple[Any, int]] = [(node, 1)]
    count = 0
    while stack:
        one, depth = stack.pop()
        count += isinstance(one, BRANCHES)
        if depth > DEEPEST or count > MOST_NODES:
            raise BadInput(
                _("The filter is too long or too deeply nested."),
                locator="filter",
                hint=_("At most %(depth)d levels and %(count)d conditions are served.")
                % {"depth": DEEPEST, "count": MOST_NODES},
            )
        for child in children(one):
            stack.append((child, depth + 1))


def children(node: Any) -> list[Any]:
    values = [getattr(node, field.name) for field in fields(node)] if isinstance(node, BRANCHES) else []
    found = [one for value in values for one in (value if isinstance(value, tuple) else [value])]
    return [one for one in found if isinstance(one, BRANCHES)]


@singledispatch
def condition(node: Any, scope: Scope) -> sql.Composable:
    raise TypeError(type(node))


@condition.register
def _all(node: All, scope: Scope) -> sql.Composable:
    return joined(" AND ", [condition(part, scope) for part in node.parts], "TRUE")


@condition.register
def _any_of(node: AnyOf, scope: Scope) -> sql.Composable:
    return joined(" OR ", [condition(part, scope) for part in node.parts], "FALSE")


def joined(by: str, parts: list[sql.Composable], empty: str) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(by).join(parts)) if parts else sql.SQL(empty)


@condition.register
def _not(node: Not, scope: Scope) -> sql.Composable:
    return sql.SQL("(NOT {})").format(condition(node.part, scope))


@condition.register
def _compare(node: Compare, scope: Scope) -> sql.Composable:
    (left, right), kind = comparable((node.left, node.right), scope)
    if kind == "text" and not node.match_case:
        left, right = (sql.SQL("lower({})").format(side) for side in (left, right))
    return sql.SQL("({} {} {})").format(left, sql.SQL(node.operator), right)


@condition.register
def _like(node: Like, scope: Scope) -> sql.Composable:
    pattern = plain_text(node.pattern, locator_of(node.operand))
    trailing = len(pattern) - len(pattern.rstrip("\\"))
    if trailing % 2:  # an escape that escapes nothing is a backslash, and no error of the database
        pattern += "\\"
    operand = argument(node.operand, "text", scope)
    return sql.SQL("({} {} {})").format(
        operand.sql, sql.SQL("LIKE" if node.match_case else "ILIKE"), sql.Literal(pattern)
    )


@condition.register
def _between(node: Between, scope: Scope) -> sql.Composable:
    (operand, lower, upper), _kind = comparable((node.operand, node.lower, node.upper), scope)
    return sql.SQL("({} BETWEEN {} AND {})").format(operand, lower, upper)


@condition.register
def _one_of_many(node: OneOfMany, scope: Scope) -> sql.Composable:
    if not node.values:
        return sql.SQL("FALSE")
    (operand, *values), _kind = comparable((node.operand, *node.values), scope)
    return sql.SQL("({} IN ({}))").format(operand, sql.SQL(", ").join(values))


@condition.register
def _is_null(node: IsNull, scope: Scope) -> sql.Composable:
    return sql.SQL("(({}) IS NULL)").format(term(node.operand, scope).sql)


@condition.register
def _spatial(node: Spatial, scope: Scope) -> sql.Composable:
    return spatial(node, scope)


@condition.register
def _distance(node: Distance, scope: Scope) -> sql.Composable:
    return distance(node, scope)


@condition.register
def _temporal(node: Temporal, scope: Scope) -> sql.Composable:
    return temporal(node, scope)


@condition.register
def _truth(node: Truth, scope: Scope) -> sql.Composable:
    found = term(node.operand, scope)
    if found.kind != "boolean":
        raise BadInput(_("This is neither true nor false."), locator=locator_of(node.operand))
    return sql.SQL("({})").format(found.sql)


@condition.register
def _ids(node: Ids, scope: Scope) -> sql.Composable:
    """In a join, each identifier is that of a feature of its own type."""
    return joined(" OR ", [part for source in scope.sources for part in _ids_of(node, source)], "FALSE")


def _ids_of(node: Ids, source: Source) -> list[sql.Composable]:
    ours = [one for one in node.ids if one.id is not None and one.key in ("", source.layer.key)]
    plain = sql.Literal([str(one.id) for one in ours if one.version is None])
    versioned = [one for one in ours if one.version is not None]
    ids = sql.Literal([str(one.id) for one in versioned])
    versions = sql.Literal([one.version for one in versioned])
    parts: list[sql.Composable] = []
    if len(versioned) < len(ours):
        parts.append(sql.SQL("{} = ANY({}::uuid[])").format(source.key, plain))
    if versioned:
        # The first condition is for the index, the second would ask each of ten thousand identifiers by itself.
        pair = "({key}, {version}) IN (SELECT * FROM unnest({ids}::uuid[], {versions}::numeric[]))"
        both = sql.SQL("({key} = ANY({ids}::uuid[]) AND " + pair + ")")
        parts.append(both.format(key=source.key, version=source.version, ids=ids, versions=versions))
    return parts
