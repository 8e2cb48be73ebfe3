"""Conditions on features as SQL: the one place where a node of `layers.filters.nodes` reaches the database."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from django.utils.translation import gettext as _
from psycopg import sql

from layers.filters.nodes import All, AnyOf, Ids, Node, Not
from layers.layer import Layer
from registries.core.errors import BadInput


def compile(node: Node, layer: Layer) -> sql.Composable:
    """The condition over the source of `layer`, every value bound as a literal."""
    return condition(node, layer)


@singledispatch
def condition(node: Any, layer: Layer) -> sql.Composable:
    raise BadInput(_("This condition is not served."), locator="filter")


@condition.register
def _all(node: All, layer: Layer) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(" AND ").join([condition(part, layer) for part in node.parts]))


@condition.register
def _any_of(node: AnyOf, layer: Layer) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(" OR ").join([condition(part, layer) for part in node.parts]))


@condition.register
def _not(node: Not, layer: Layer) -> sql.Composable:
    return sql.SQL("(NOT {})").format(condition(node.part, layer))


@condition.register
def _ids(node: Ids, layer: Layer) -> sql.Composable:
    parts = [
        sql.SQL("(t.id = {} AND t.version = {})").format(sql.Literal(one.id), sql.Literal(one.version))
        for one in node.ids
        if one.version is not None
    ]
    plain = [one.id for one in node.ids if one.id is not None and one.version is None]
    return sql.SQL("({})").format(
        sql.SQL(" OR ").join([*parts, sql.SQL("t.id = ANY({}::uuid[])").format(sql.Literal(plain))])
    )
