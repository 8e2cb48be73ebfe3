"""What can be done with a change set: one form, one function. The door decides whether; here stands how it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gis_portal.language import along
from gis_portal.pages.desk import forms, page, settle
from gis_portal.pages.desk.case import Case, discreet, opened
from registries.changes import door
from registries.changes.models import ChangeSet
from registries.core.errors import BadInput, RegistryError


@dataclass(frozen=True)
class Asked:
    """A form as it was sent: from which edition of the set it was made, and what was typed."""

    data: QueryDict
    files: MultiValueDict[str, UploadedFile]

    @property
    def edition(self) -> int:
        number = page.whole(self.data.get("edition", ""))
        if number is None:
            raise BadInput(_("The form does not say what it was made from."), hint=_("Reload the page and try again."))
        return number

    def words(self, name: str = "words") -> str:
        return self.data.get(name, "").strip()

    @property
    def items(self) -> list[int]:
        return [number for text in self.data.getlist("item") if (number := page.whole(text)) is not None]


@dataclass(frozen=True)
class Done:
    """What to tell, and where to go on."""

    message: str
    address: str = ""


Step = Callable[[Case, Asked], Done]


def submit(case: Case, asked: Asked) -> Done:
    warnings = door.submit(case.actor, case.change_set, expected=asked.edition)
    if not warnings:
        return Done(_("The change set is with the reviewers."))
    told = ngettext(
        "The change set is with the reviewers, with %(count)d warning.",
        "The change set is with the reviewers, with %(count)d warnings.",
        len(warnings),
    )
    return Done(told % {"count": len(warnings)})


def approve(case: Case, asked: Asked) -> Done:
    door.approve(case.actor, case.change_set, asked.words(), expected=asked.edition)
    return Done(_("Approved. It is not published yet."))


def approve_and_publish(case: Case, asked: Asked) -> Done:
    door.approve_and_publish(case.actor, case.change_set, asked.words(), expected=asked.edition)
    return Done(_("Approved and published."))


def reject(case: Case, asked: Asked) -> Done:
    door.reject(case.actor, case.change_set, asked.words(), expected=asked.edition)
    return Done(_("Returned to the author, with your reasons."))


def publish(case: Case, asked: Asked) -> Done:
    door.publish(case.actor, case.change_set, expected=asked.edition)
    return Done(_("Published."))


def schedule(case: Case, asked: Asked) -> Done:
    if asked.data.get("cancel"):
        door.schedule(case.actor, case.change_set, None, expected=asked.edition)
        return Done(_("It will not be published by itself any more."))
    at = forms.read(forms.AtTime(asked.data))["at"]
    door.schedule(case.actor, case.change_set, at, expected=asked.edition)
    return Done(_("It will be published on %(at)s.") % {"at": date_format(localtime(at), "DATETIME_FORMAT")})


def withdraw(case: Case, asked: Asked) -> Done:
    door.withdraw(case.actor, case.change_set, expected=asked.edition)
    return Done(_("Withdrawn. Its changes stay on record."))


def revert(case: Case, asked: Asked) -> Done:
    made = door.revert(case.actor, case.change_set)
    return Done(_("This new draft undoes the change set."), reverse("desk-change-set", args=[made.pk]))


def describe(case: Case, asked: Asked) -> Done:
    fields = forms.read(forms.Described(asked.data, asked.files, instance=ChangeSet()))
    if "legal_file" not in asked.files:
        fields.pop("legal_file")
    door.describe(case.actor, case.change_set, expected=asked.edition, **fields)
    return Done(_("The description is saved."))


def comment(case: Case, asked: Asked) -> Done:
    item = case.change_set.items.filter(pk__in=asked.items).first()
    if asked.items and item is None:
        raise BadInput(_("This change is no longer part of the change set."), locator="item")
    door.comment(case.actor, case.change_set, asked.words("text"), item=item)
    return Done(_("Your comment is kept."), _at_item(case, item.pk if item else None))


def accept_warnings(case: Case, asked: Asked) -> Done:
    codes = asked.data.getlist("code")
    if not codes:
        raise BadInput(_("Choose the warnings that you accept."), locator="code")
    door.accept_warnings(case.actor, case.change_set, asked.words("reason"), codes=codes)
    return Done(_("The warnings are accepted; your reason stays on record."))


def drop_items(case: Case, asked: Asked) -> Done:
    if not asked.items:
        raise BadInput(_("Choose the changes to take out."), locator="item")
    door.drop_items(case.actor, case.change_set, asked.items, expected=asked.edition)
    told = ngettext("%(count)d change is taken out.", "%(count)d changes are taken out.", len(asked.items))
    return Done(told % {"count": len(asked.items)})


def resolve(case: Case, asked: Asked) -> Done:
    settle.resolve(case, asked.data, asked.edition)
    return Done(_("The conflicts are resolved. Look it over and submit it again."))


def revoke_link(case: Case, asked: Asked) -> Done:
    link = case.change_set.review_links.filter(pk__in=asked.items).first()
    if link is None:
        raise BadInput(_("There is no such link."), locator="item")
    door.revoke_link(case.actor, link)
    return Done(_("The link opens nothing any more."))


def _at_item(case: Case, item: int | None) -> str:
    return f"{case.base}?item={item}#details" if item is not None else f"{case.base}#comments"


# By the name of the form's address; which of them is offered, the door says.
STEPS: dict[str, Step] = {
    one.__name__: one
    for one in (
        submit, approve, approve_and_publish, reject, publish, schedule, withdraw, revert,
        describe, comment, accept_warnings, drop_items, resolve, revoke_link,
    )
}  # fmt: skip
# An outside reviewer has one set and no other page.
OF_OUTSIDE = ("approve", "approve_and_publish", "reject", "comment", "accept_warnings")


@require_POST
@opened
def take(request: HttpRequest, case: Case, step: str) -> HttpResponseBase:
    """Do it and go on to a page of its own, or show the page again with the reason and the typed words."""
    try:
        done = STEPS[step](case, Asked(request.POST, request.FILES))
    except RegistryError as error:
        return page.refused(request, case, step, error)
    messages.success(request, done.message)
    return redirect(along(request, done.address or case.base))


@require_POST
@opened
def name_reviewer(request: HttpRequest, case: Case) -> HttpResponse:
    """The link is shown in this answer and never again: only its digest is kept."""
    try:
        asked = forms.read(forms.Reviewer(request.POST))
        secret = door.name_reviewer(
            case.actor, case.change_set, asked["name"], asked["email"], timedelta(days=asked["days"])
        )
    except RegistryError as error:
        return page.refused(request, case, "name_reviewer", error)
    case.change_set.refresh_from_db()
    link = request.build_absolute_uri(reverse("desk-review-link", args=[secret]))
    answer = page.page(request, case, review_link=link, reviewer_name=asked["name"], reviewer_email=asked["email"])
    discreet(answer)
    return answer
