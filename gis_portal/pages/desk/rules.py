"""The rules as people read them: what each asks for, when and how strictly; administrators switch and set them here."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from gis_portal.language import along
from gis_portal.pages import stored
from gis_portal.pages.desk.guard import for_staff, signed_in
from registries.core import rule_settings
from registries.core.errors import RegistryError, outcome
from registries.core.models import Role, RuleSetting, User
from registries.core.rights import rights_of
from registries.core.rules import RULES, Limit, Moment, Rule


@dataclass(frozen=True)
class Field:
    """One limit as a form shows it; `value` is what was typed, if it was refused."""

    name: str
    limit: Limit
    title: str
    value: str
    now: float


@dataclass(frozen=True)
class Line:
    rule: Rule
    words: str
    moments: str
    is_on: bool
    fields: list[Field]
    setting: RuleSetting | None


@require_safe
@gzip_page
@for_staff
def index(request: HttpRequest) -> HttpResponse:
    return page(request)


def page(request: HttpRequest, code: str = "", error: RegistryError | None = None) -> HttpResponse:
    person = signed_in(request)
    settings = {one.code: one for one in RuleSetting.objects.select_related("changed_by")}
    lines = [line(RULES[key], settings.get(key), request.POST if key == code else None) for key in sorted(RULES)]
    grouped = groupby(sorted(lines, key=lambda one: one.rule.registry), key=lambda one: one.rule.registry)
    context = {
        "page": "desk",
        "room": "rules",
        "groups": [(stored.registry_title(registry), list(members)) for registry, members in grouped],
        "may_set": is_administrator(person),
        "error": error,
        "at_fault": code,
    }
    return render(request, "portal/desk/rules.html", context, status=outcome(error).http_status if error else 200)


def line(found: Rule, setting: RuleSetting | None, typed: QueryDict | None) -> Line:
    own = setting.limits if setting else {}
    now = {name: own.get(name, start) for name, start in found.started().items()}
    is_on = setting.is_on if setting else True
    return Line(
        rule=found,
        words=found.words(now),
        moments=", ".join(label for moment, label in moments().items() if moment in found.moments),
        is_on=is_on if typed is None else "is_on" in typed,
        fields=[
            Field(name, limit, _(limit.title), f"{now[name]:g}" if typed is None else typed.get(name, ""), now[name])
            for name, limit in found.limits.items()
        ],
        setting=setting,
    )


def moments() -> dict[Moment, str]:
    return {
        Moment.DRAW: _("while drawing"),
        Moment.SUBMIT: _("at submission"),
        Moment.PUBLISH: _("at publication"),
        Moment.NIGHTLY: pgettext("rules run", "every night"),
    }


def is_administrator(person: User) -> bool:
    return Role.ADMINISTRATOR in rights_of(person).everywhere


@require_POST
@for_staff
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Switch a rule and set its limits."""
    limits = {name: request.POST.get(name, "") for name in RULES[code].limits} if code in RULES else {}
    try:
        rule_settings.change(signed_in(request), code, is_on="is_on" in request.POST, limits=limits)
    except RegistryError as error:
        return page(request, code, error)
    messages.success(request, _("Rule %(code)s is set. It holds from the next check on.") % {"code": code})
    return redirect(along(request, reverse("desk-rules")))


@require_POST
@for_staff
def reset(request: HttpRequest, code: str) -> HttpResponse:
    """Make a rule again as it came."""
    try:
        rule_settings.reset(signed_in(request), code)
    except RegistryError as error:
        return page(request, "", error)
    messages.success(request, _("Rule %(code)s is again as it came.") % {"code": code})
    return redirect(along(request, reverse("desk-rules")))
