"""What the properties of a condition are in SQL: the expressions of one layer, or columns of derived tables in a join.

Only what the catalogue shows the reader of a layer has a name here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from psycopg import sql

from layers.filters.literals import Kind
from layers.filters.nodes import Property
from layers.layer import Layer
from registries.core.errors import BadInput

# What the protocols call the geometry; without a name it is meant, too (OGC 09-026r2, 7.8.3.2).
GEOMETRY_NAMES = frozenset({"", "geom", "geometry", "gml:boundedBy"})
ID, GML_ID = "id", frozenset({"@gml:id", "@id", "gml:id"})
# What GML knows of every feature (ISO 19136, 7.2.4), as it was written, by WFS.
STANDARD_NAMES = frozenset({"gml:name", "gml:description", "gml:identifier"})
# Columns of a derived table that are no properties: none of a layer begins like this.
KEY, VERSION, SHAPE, STANDARD, ITEM = "_id", "_version", "_geom", "_standard", "_item"
# Of a double precision number and of a whole one.
REAL_DIGITS, INTEGER_DIGITS = 309, 20


@dataclass(frozen=True)
class Term:
    """An SQL expression of a kind. `digits` bounds how many a number may have before its point."""

    sql: sql.Composable
    kind: Kind
    digits: int = 0


@dataclass(frozen=True)
class Source:
    """One layer, under the alias of its derived table in a join; without one its own expressions are meant."""

    layer: Layer
    alias: str = ""

    @property
    def names(self) -> frozenset[str]:
        """What a property may say it is of; an alias hides the name of the type."""
        return frozenset({self.alias or self.layer.key})

    def own(self, name: str, expression: sql.Composable) -> sql.Composable:
        return sql.Identifier(self.alias, name) if self.alias else expression

    @property
    def key(self) -> sql.Composable:
        return self.own(KEY, sql.SQL("t.id"))

    @property
    def version(self) -> sql.Composable:
        return self.own(VERSION, sql.SQL("t.version"))

    def find(self, name: str) -> Term | None:
        column = self.layer.column(name)
        if column is not None:
            digits = {"real": REAL_DIGITS, "integer": INTEGER_DIGITS}.get(column.type, 0)
            return Term(self.own(column.name, column.expression), column.type, digits)
        if name in GEOMETRY_NAMES:
            return Term(self.own(SHAPE, self.layer.geom), "geometry")
        if name == ID:
            return Term(self.key, "uuid")
        if name in STANDARD_NAMES:
            kept = self.own(STANDARD, sql.SQL("t.standard_properties"))
            return Term(sql.SQL("({} ->> {})").format(kept, sql.Literal(name)), "text")
        if name in GML_ID:
            return Term(sql.SQL("({} || {})").format(sql.Literal(f"{self.layer.key}."), self.key), "text")
        return None


@dataclass(frozen=True)
class Scope:
    """All layers that a condition speaks of."""

    sources: tuple[Source, ...]

    def property(self, node: Property) -> Term:
        """BadInput, with the names there are, if no layer or more than one has such a property."""
        sources = [one for one in self.sources if not node.of or node.of in one.names]
        if not sources:
            known = sorted(name for source in self.sources for name in source.names)
            raise BadInput(
                _("There is no feature type “%(name)s” in this query.") % {"name": node.of[:80]},
                locator=node.of[:80],
                hint=_("There are: %(names)s.") % {"names": ", ".join(known)},
            )
        found = [term for source in sources if (term := source.find(node.name))]
        if not found:
            names = dict.fromkeys(name for source in sources for name in names_of(source.layer))
            raise BadInput(
                _("There is no property “%(name)s”.") % {"name": node.name[:80]},
                locator=node.name[:80],
                hint=_("There are: %(names)s.") % {"names": ", ".join(names)},
            )
        if len(found) > 1:
            raise BadInput(
                _("Several feature types of this query have a property “%(name)s”.") % {"name": node.name[:80]},
                locator=node.name[:80],
                hint=_("Write the feature type or its alias before it."),
            )
        return found[0]


def names_of(layer: Layer) -> list[str]:
    return [ID, "geom", *(column.name for column in layer.columns)]
