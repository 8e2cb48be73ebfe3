"""A transaction is done: its actions become wishes, in their order, and all of them come true or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from lxml import etree

from layers import writing
from layers.catalogue import Catalogue
from layers.crs import SRIDS, Reference, authority
from layers.filters.nodes import FeatureId
from layers.layer import Layer
from layers.wfs.requests import AdHocQuery
from layers.wfs.resolving import layer_of, split_id
from layers.wfs.transactions import held
from layers.wfs.transactions.features import Form, Written, id_of, name_of
from layers.wfs.transactions.outcome import Outcome, Result
from layers.wfs.transactions.refusals import InvalidValue, Refusals, told
from layers.wfs.transactions.requests import Action, Delete, Insert, Replace, Transaction, Update
from layers.wfs.transactions.selection import Chosen, Selection, named
from layers.writing import Wish
from registries.changes import door
from registries.core.errors import RegistryError
from registries.core.models import User
from registries.core.records import registries


@transaction.atomic
def carry_out(request: Transaction, person: User, catalogue: Catalogue) -> Outcome:
    """Do all actions, or raise a RegistryError that tells every problem found, and do none."""
    door.begin_session(person)
    lock = held.named(person, request.lock_id)
    work = Work(request, person, catalogue, lock)
    for action in request.actions:
        do(action, work)
    work.flush()
    held.let_go(lock, work.touched, whole=request.release_all)
    work.outcome.versions = work.selection.versions(
        (one.layer, one.id) for deed, results in work.outcome.done.items() if deed != "delete" for one in results
    )
    return work.outcome


class Work:
    """The wishes of a transaction so far. They are handed over together; only a filter that must see what earlier
    actions did has these done first.
    """

    def __init__(self, request: Transaction, person: User, catalogue: Catalogue, lock: held.Lock) -> None:
        self.request, self.person, self.catalogue, self.lock = request, person, catalogue, lock
        self.selection = Selection(person, catalogue, ids_in(request.actions))
        self.outcome = Outcome(request.version)
        self.refusals = Refusals()
        self.touched: dict[str, set[UUID]] = defaultdict(set)
        self.wishes: list[Wish] = []
        self._forms: dict[tuple[str, Reference | None], Form] = {}

    def form(self, layer: Layer, action: Action) -> Form:
        """OGC 09-025r2, 15.2.3.2.2: geometries that name no system are in the default one."""
        key = layer.key, action.reference
        if key not in self._forms:
            self._forms[key] = Form.of(layer, self.request.version, action.reference or authority(SRIDS[0]))
        return self._forms[key]

    def find(self, query: AdHocQuery) -> list[Chosen]:
        if named(query) is None:
            self.flush()
        return self.selection.of(query)

    def wish(self, deed: writing.Action, action: Action, feature: Chosen, written: Written, called: str = "") -> None:
        self.wishes.append(
            Wish(
                layer=feature.layer,
                action=deed,
                id=feature.id,
                version=feature.version,
                values=written.values,
                geom=written.geom,
                has_geom=written.has_geom,
                called=called or action.handle,
            )
        )
        self.outcome.done[deed].append(Result(action.handle, feature.layer, feature.id))
        if deed != "create":
            self.touched[feature.layer.registry].add(feature.id)

    def flush(self) -> None:
        """Have the wishes so far fulfilled; what is wrong with features that could not be read is told as well."""
        wishes, self.wishes = self.wishes, []
        if wishes:
            held.require(self.person, self.lock, self.touched)
            try:
                for some in in_turns(wishes):
                    writing.perform(self.person, some)
            except RegistryError as error:
                raise self.refusals.and_then(told(error)) from error
        self.refusals.settle()


def in_turns(wishes: Sequence[Wish]) -> list[list[Wish]]:
    """What is only added may come in any order: what others refer to, such as their zone, must be there before them."""
    if any(wish.action != "create" for wish in wishes):
        return [list(wishes)]
    groups = ([wish for wish in wishes if wish.layer.registry == registry] for registry in registries())
    return [group for group in groups if group]


def ids_in(actions: Iterable[Action]) -> Iterator[FeatureId]:
    """All features that actions name one by one."""
    for action in actions:
        if isinstance(action, Insert):
            if action.naming == "ReplaceDuplicate":
                yield from (split_id(id_of(element)) for element in action.features)
        elif isinstance(action, Update | Replace | Delete):
            yield from named(action.query) or ()


@singledispatch
def do(action: Action, work: Work) -> None:
    """Wish for what the action says."""
    raise TypeError(type(action))


@do.register
def _insert(action: Insert, work: Work) -> None:
    for element in action.features:
        number = len(work.outcome.done["create"]) + len(work.refusals.told) + 1
        label = action.handle or f"№ {number}"
        with work.refusals.of(label):
            layer = layer_inserted(work.catalogue, name_of(element))
            written = work.form(layer, action).whole(element)
            feature = Chosen(layer, new_id(work, action, layer, element))
            work.wish("create", action, feature, written, label)
            work.selection.present(layer).add(feature.id)


@do.register
def _update(action: Update, work: Work) -> None:
    layer, found = layer_of(work.catalogue, *action.query.type_names), work.find(action.query)
    with work.refusals.of(action.handle or label_of(layer, found)):
        written = work.form(layer, action).changed(action.changes)
        for feature in found:
            work.wish("update", action, feature, written)


@do.register
def _replace(action: Replace, work: Work) -> None:
    layer, found = layer_of(work.catalogue, *action.query.type_names), work.find(action.query)
    with work.refusals.of(action.handle or label_of(layer, found)):
        if len(found) > 1:
            raise InvalidValue(_("One feature cannot replace several."), locator="Filter")
        written = work.form(layer, action).whole(action.feature)
        for feature in found:
            work.wish("replace", action, feature, written)


@do.register
def _delete(action: Delete, work: Work) -> None:
    for feature in work.find(action.query):
        work.wish("delete", action, feature, Written())
        work.selection.present(feature.layer).discard(feature.id)


def layer_inserted(catalogue: Catalogue, name: str) -> Layer:
    """OGC 09-025r2, table 3: a feature of an unknown type is a value that does not fit."""
    layer = catalogue.get(name)
    if layer is None:
        raise InvalidValue(_("There is no feature type “%(name)s”.") % {"name": name[:80]}, locator=name[:80])
    return layer


def new_id(work: Work, action: Insert, layer: Layer, element: etree._Element) -> UUID:
    """OGC 04-094, 12.2.4.1. Who keeps an identifier must keep one that could be ours."""
    if action.naming == "GenerateNew":
        return uuid4()
    given = split_id(id_of(element))
    is_ours = given.key == layer.key
    if given.id is None or not is_ours:
        if action.naming == "ReplaceDuplicate":
            return uuid4()
        form = f"{layer.key}.00000000-0000-4000-8000-000000000000"
        raise InvalidValue(_("The identifier is not of the form %(form)s.") % {"form": form}, locator="gml:id")
    is_kept = action.naming == "UseExisting" or not work.selection.is_taken(layer, given.id)
    return given.id if is_kept else uuid4()


def label_of(layer: Layer, found: Sequence[Chosen]) -> str:
    return str(found[0]) if len(found) == 1 else layer.title
