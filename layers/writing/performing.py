"""Wishes come true: read against what is there, judged, and handed to the door as edits of the person's own sessions.

All of them or none. What is wrong is told for all features at once, each with its layer, name and field, because the
clients show one text only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db import transaction
from django.utils.translation import gettext as _

from layers.access import editor_of
from layers.drafts import draft_of
from layers.layer import Column
from layers.moment import seen
from layers.writing import columns, rows, standard, values
from layers.writing.heights import restored
from layers.writing.meanwhile import Meanwhile, Touched
from layers.writing.references import References
from layers.writing.refusals import Refusals
from layers.writing.rows import Row
from layers.writing.surroundings import Surroundings, arrived
from layers.writing.wishes import Done, Wish
from registries.changes import door
from registries.changes.edits import Edit, in_registry_crs
from registries.core.errors import BadInput, InvalidGeometry, NotFound, RegistryError, RuleViolations
from registries.core.models import User
from registries.core.overlay import has_geom
from registries.core.records import registry_model

# A computed value comes back with the digits that the format told.
TOLD = 1e-6


@transaction.atomic
def perform(person: User, wishes: Sequence[Wish]) -> list[Done]:
    """Do all that is wished, in order, in the person's open sessions, or publish it at once where that is allowed.

    Raises BadInput (an unknown or computed column, a value that does not fit), InvalidGeometry, NotAllowed, NotFound,
    Conflict (others published the same fields since `version`), and RuleViolations for several problems at once.
    """
    door.begin_session(person)
    with seen(draft_of(person)):
        work = Work(person, wishes)
        edits = work.edits()
    try:
        door.collect(person, edits)
    except RuleViolations as error:
        raise work.refusals.told(error) from error
    return work.done


class Work:
    """The wishes of one transaction. What a wish did is seen by those after it."""

    def __init__(self, person: User, wishes: Sequence[Wish]) -> None:
        self.wishes = wishes
        reader = editor_of(person)
        self.known = rows.read(wishes, reader)
        self.references = References(wishes, reader)
        self.surroundings = Surroundings()
        self.refusals = Refusals()
        self.done: list[Done] = []
        outdated = (
            (wish.layer.registry, row.id)
            for wish in wishes
            if wish.id is not None and wish.version is not None
            if (row := self.known.get((wish.layer.key, wish.id))) is not None and row.version != wish.version
        )
        self.meanwhile = Meanwhile(person, self.references, outdated)

    def edits(self) -> list[Edit]:
        """What the door is asked for; raises what is wrong with the wishes, all of it at once."""
        found = []
        for wish in self.wishes:
            id = wish.id or uuid4()
            row = self.known.get((wish.layer.key, id))
            try:
                edit = self._edit(wish, id, row)
            except RegistryError as error:
                self.refusals.add(wish, rows.label(wish, row, id), error)
                continue
            self.done.append(Done(wish.layer, id, wish.action))
            if edit is not None:
                self.refusals.labels[id] = rows.label(wish, row, id)
                found.append(edit)
        self.refusals.settle()
        return found

    def _edit(self, wish: Wish, id: UUID, row: Row | None) -> Edit | None:
        if wish.action == "create":
            return self._creation(wish, id)
        if row is None or row.is_gone:
            raise NotFound(
                _("There is no such feature that you may edit; somebody may have removed it."),
                locator=f"{wish.layer.key}.{id}",
                hint=_("Load the layer anew."),
            )
        if wish.action == "delete":
            self._settled(wish, row, Touched({}, None))
            row.is_gone = True
            return Edit.delete(wish.layer.registry, id)
        return self._change(wish, row)

    def _creation(self, wish: Wish, id: UUID) -> Edit:
        layer = wish.layer
        given = {name: value for name, value in self._read(wish, None).items() if value is not None}
        found = {**layer.fixed, **columns.stored(layer, given, None, self.references)}
        if layer.per_network and "network_id" not in found:
            found["network_id"] = self.references.only_network(layer)
        if properties := standard.read(wish.values):
            found["standard_properties"] = {name: text for name, text in properties.items() if text is not None}
        geom = None
        if wish.has_geom and has_geom(registry_model(layer.registry)):
            geom = arrived(layer.registry, wish.geom)
            if layer.column("zone") and "zone_id" not in found and (zone := self.surroundings.zone_of(geom)):
                found["zone_id"] = zone
            self._check_place(wish, geom, self._place(wish, found, None))
        self.known[layer.key, id] = Row(
            id, 0, None, {}, geom, {**dict.fromkeys(c.name for c in layer.columns), **given}
        )
        return Edit.create(layer.registry, found, geom, id)

    def _change(self, wish: Wish, row: Row) -> Edit | None:
        layer = wish.layer
        wanted = self._read(wish, row)
        if wish.action == "replace":
            wanted = {**columns.defaults(layer), **wanted}
        changed = {name: value for name, value in wanted.items() if not self._is_there(wish, row, name, value)}
        touched = self._settled(wish, row, Touched(changed, self._shape(wish, row)))
        found = columns.stored(layer, touched.values, row, self.references)
        if properties := standard.changed(row.standard, wish.values, whole=wish.action == "replace"):
            found["standard_properties"] = properties
        geom = touched.geom
        if geom is not None:
            geom = restored(geom, row.geom) if row.geom is not None else geom
            self._check_place(wish, geom, self._place(wish, found, row))
            geom = None if geom is row.geom else geom
        row.values.update(touched.values)
        row.geom = geom or row.geom
        return Edit.update(layer.registry, row.id, found, geom) if found or geom is not None else None

    def _read(self, wish: Wish, row: Row | None) -> dict[str, Any]:
        """The values given for columns that can be written; raises BadInput for others, unless they say nothing new."""
        found = {}
        for name, value in wish.values.items():
            if name in standard.NAMES:
                continue
            column = wish.layer.column(name)
            if column is None:
                raise BadInput(
                    _("There is no property “%(name)s”.") % {"name": name[:60]},
                    locator=name[:60],
                    hint=_("Use one of: %(known)s.") % {"known": ", ".join(one.name for one in wish.layer.columns)},
                )
            if column.writes is None:
                self._require_unchanged(wish, row, column, value)
                continue
            found[name] = values.read(column, value)
            if found[name] is None and wish.action != "update":
                found[name] = columns.default(wish.layer, column)
        return found

    @staticmethod
    def _require_unchanged(wish: Wish, row: Row | None, column: Column, value: Any) -> None:
        """A computed value may come along with a whole feature, such as one copied in QGIS."""
        if row is None or (value is None and wish.action == "replace"):
            return
        try:
            is_same = values.same(column, values.read(column, value), row.values[column.name], TOLD)
        except BadInput:
            is_same = False
        if not is_same:
            raise BadInput(_("It is computed and cannot be written."), locator=column.name, hint=_("Leave it out."))

    @staticmethod
    def _is_there(wish: Wish, row: Row, name: str, value: Any) -> bool:
        column = wish.layer.column(name)
        assert column is not None, "Values of unknown columns were refused."
        return values.same(column, value, row.values[name])

    def _settled(self, wish: Wish, row: Row, touched: Touched) -> Touched:
        if wish.version is None or wish.version == row.version:
            return touched
        return self.meanwhile.settle(wish, row, touched)

    def _shape(self, wish: Wish, row: Row) -> GEOSGeometry | None:
        """The shape that came, None where it is to be left alone."""
        if not wish.has_geom:
            return None
        if has_geom(registry_model(wish.layer.registry)):
            return arrived(wish.layer.registry, wish.geom)
        if wish.geom is not None and row.geom is not None and not wish.geom.empty:
            moved = in_registry_crs(wish.geom)
            if restored(MultiPolygon(moved) if isinstance(moved, Polygon) else moved, row.geom) is row.geom:
                return None
        raise InvalidGeometry(
            _("It has no shape of its own."), locator="geom", hint=_("Edit the shape of the thing that it belongs to.")
        )

    def _place(self, wish: Wish, found: dict[str, Any], row: Row | None) -> UUID | None:
        """The zone that the feature will lie in."""
        if wish.layer.per_network:
            network = found.get("network_id") or (row.place if row else None)
            return self.references.networks[network].zone_id if network in self.references.networks else None
        if not wish.layer.column("zone"):
            return None
        return found.get("zone_id", row.place if row else None)

    def _check_place(self, wish: Wish, geom: GEOSGeometry, zone: UUID | None) -> None:
        assert wish.geom is not None, "A shape came, or there would be none to check."
        self.surroundings.check(geom, zone, wish.geom)
