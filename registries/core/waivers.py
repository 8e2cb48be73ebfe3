"""Warnings that somebody accepted, with the reason: those of one change set, and those of the published data."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from registries.core import audit
from registries.core.errors import BadInput
from registries.core.models import Fault, History, User, Waiver
from registries.core.rules import Problem, Severity


def accepted(change_set_id: int | None) -> set[tuple[str, str, UUID | None]]:
    """The keys (`Problem.key`) of what is accepted in one change set; None: in the published data."""
    waivers = in_published() if change_set_id is None else Waiver.objects.filter(change_set_id=change_set_id)
    return set(waivers.values_list("code", "registry", "object_id"))


def in_published() -> QuerySet[Waiver]:
    """What was accepted for good, or with a change set that was published since."""
    published = Exists(History.objects.filter(change_set_id=OuterRef("change_set_id")))
    return Waiver.objects.filter(Q(change_set_id=None) | published)


def is_accepted() -> Exists:
    """Whether a row of `Fault` is accepted, to be annotated or filtered by."""
    about = {name: OuterRef(name) for name in ("code", "registry", "object_id")}
    return Exists(in_published().filter(**about))


def open_warnings(problems: Iterable[Problem], change_set_id: int | None) -> list[Problem]:
    """The warnings among `problems` that nobody accepted yet."""
    known = accepted(change_set_id)
    return [one for one in problems if one.severity is Severity.WARNS and one.key not in known]


@transaction.atomic
def accept(actor: User, warnings: Iterable[Problem | Fault], reason: str, change_set_id: int | None) -> int:
    """Keep that `actor`, whose right to do so the caller has checked, accepts `warnings`; how many were new."""
    if not reason.strip():
        raise BadInput(_("Say why you accept the warnings."), locator="reason")
    wanted = {(one.code, one.registry, one.object_id) for one in warnings if one.object_id is not None}
    new = sorted(wanted - accepted(change_set_id), key=str)
    Waiver.objects.bulk_create(
        [
            Waiver(
                code=code,
                registry=registry,
                object_id=object_id,
                change_set_id=change_set_id,
                reason=reason.strip(),
                accepted_by=actor,
            )
            for code, registry, object_id in new
        ],
        # Somebody else may accept the same at the same moment.
        ignore_conflicts=True,
    )
    if new:
        subject = f"change_set {change_set_id}" if change_set_id is not None else "published data"
        about = [[code, registry, str(object_id)] for code, registry, object_id in new]
        audit.record(actor, "accept warnings", subject, reason=reason.strip(), warnings=about)
    return len(new)
