"""The author's side of a change set: open it, fill it, say why, settle conflicts, lead back to what was."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from registries.changes import conflicts, descriptions, items, locks, past, states, steps, waivers
from registries.changes.conflicts import Choices
from registries.changes.diff import diff
from registries.changes.edits import Edit
from registries.changes.items import OnRefusal
from registries.changes.models import ChangeSet
from registries.changes.standing import Standing, keep_places
from registries.core import audit
from registries.core.errors import BadInput, NotAllowed, RuleViolations
from registries.core.models import User
from registries.core.rights import rights_of
from registries.core.rules import Problem


@transaction.atomic
def open_change_set(actor: User, title: str, reason: str = "", source: str = "desk") -> ChangeSet:
    """A new, empty change set of `actor`, who must be allowed to edit somewhere."""
    if not rights_of(actor).is_staff_somewhere():
        raise NotAllowed(_("You have no right to edit."), hint=_("Ask an administrator for the role of editor."))
    if not title.strip():
        raise BadInput(_("A change set needs a title."), locator="title")
    change_set = ChangeSet.objects.create(title=title.strip()[:200], reason=reason, source=source, author=actor)
    audit.record(actor, "propose", f"change_set {change_set.pk}", title=title, source=source)
    return change_set


@transaction.atomic
def propose(
    actor: User,
    edits: Iterable[Edit],
    *,
    title: str = "",
    reason: str = "",
    source: str = "desk",
    change_set: ChangeSet | None = None,
    on_refusal: OnRefusal | None = None,
    expected: int | None = None,
) -> ChangeSet:
    """Put `edits` into `change_set`, or into a new one.

    Without `on_refusal` one bad edit refuses them all (RuleViolations); with it the bad ones are told and left out.
    An object that another person has locked refuses them all in any case (`locks.Locked`).
    """
    if change_set is not None:
        change_set, _standing = steps.begin("edit", actor, change_set, expected)
    else:
        change_set = open_change_set(actor, title, reason, source)
    refused: list[Problem] = []
    taken = items.take(change_set, edits, on_refusal or refused.append)
    if refused:
        raise RuleViolations(refused)
    places = items.places(change_set, taken)
    if not rights_of(actor).may_edit(places):
        raise NotAllowed(_("You have no right to edit in this zone or network."), locator="zone")
    locks.refuse(actor, taken)
    keep_places(change_set, places, whole=False)
    for ids in taken.values():
        waivers.forget(change_set, ids)
    steps.touch(change_set)
    return change_set


@transaction.atomic
def describe(actor: User, change_set: ChangeSet, *, expected: int | None = None, **fields: Any) -> ChangeSet:
    """Say what the change set is about and on which act it rests; see `descriptions.FIELDS`."""
    change_set, _standing = steps.begin("edit", actor, change_set, expected)
    cleaned = descriptions.cleaned(fields)
    descriptions.replace_file(change_set, cleaned)
    steps.touch(change_set, **cleaned)
    audit.record(actor, "describe", f"change_set {change_set.pk}", fields=sorted(cleaned))
    return change_set


@transaction.atomic
def drop_unchanged(actor: User, change_set: ChangeSet) -> int:
    """Take out the items that would change nothing; how many they were."""
    change_set, standing = steps.begin("edit", actor, change_set)
    return _drop(change_set, standing, [delta.item_id for delta in diff(change_set) if delta.is_empty])


@transaction.atomic
def drop_items(actor: User, change_set: ChangeSet, item_ids: Collection[int], *, expected: int | None = None) -> int:
    """Take items out of the draft; how many they were."""
    change_set, standing = steps.begin("edit", actor, change_set, expected)
    count = _drop(change_set, standing, item_ids)
    audit.record(actor, "drop", f"change_set {change_set.pk}", count=count)
    return count


def _drop(change_set: ChangeSet, standing: Standing, item_ids: Collection[int]) -> int:
    gone = change_set.items.filter(pk__in=list(item_ids))
    waivers.forget(change_set, list(gone.values_list("object_id", flat=True)))
    _count, by_model = gone.delete()
    count = by_model.get("changes.ChangeItem", 0)
    if count:
        keep_places(change_set, standing.places, whole=True)
        steps.touch(change_set)
    return count


@transaction.atomic
def resolve(actor: User, change_set: ChangeSet, choices: Choices, *, expected: int | None = None) -> ChangeSet:
    """Settle every conflict by the author's choices, `published` or `proposed`: for an item (its id), or for one field
    of it (item id and field, as `conflicts_of` names them). The change set can be submitted again then.
    """
    change_set, standing = steps.begin("resolve", actor, change_set, expected)
    conflicts.rebase(change_set, choices)
    keep_places(change_set, standing.places, whole=True)
    steps.touch(change_set)
    audit.record(actor, states.TRANSITIONS["resolve"].word, f"change_set {change_set.pk}")
    return change_set


@transaction.atomic
def revert(actor: User, change_set: ChangeSet) -> ChangeSet:
    """A new draft that undoes a published change set; what others changed since stays, or shows as a conflict."""
    change_set, _standing = steps.begin("revert", actor, change_set)
    title = _("Revert of: %(title)s") % {"title": change_set.title}
    made = propose(actor, past.revert_edits(change_set), title=title, source="revert")
    audit.record(actor, states.TRANSITIONS["revert"].word, f"change_set {change_set.pk}", draft=made.pk)
    return made


def revert_object(actor: User, registry: str, object_id: UUID, version: int) -> ChangeSet:
    """A new draft that leads one object back to `version`."""
    edit = past.edit_back(registry, object_id, version)
    title = _("Back to version %(version)d: %(object)s") % {
        "version": version,
        "object": past.named(registry, object_id),
    }
    return propose(actor, [edit], title=title, source="revert")
