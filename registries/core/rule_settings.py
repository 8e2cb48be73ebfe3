"""What an administrator changes of a rule: whether it is in force, and its limits. Each change is on the audit."""

from __future__ import annotations

import math
from collections.abc import Mapping

from django.db import transaction
from django.utils.formats import localize
from django.utils.translation import gettext as _

from registries.core import audit
from registries.core.errors import BadInput, NotAllowed, NotFound
from registries.core.models import Role, RuleSetting, User
from registries.core.rights import rights_of
from registries.core.rules import RULES, Limit, Rule


@transaction.atomic
def change(actor: User, code: str, *, is_on: bool, limits: Mapping[str, object]) -> RuleSetting:
    """Switch the rule `code` on or off and set its limits; what is not named keeps its start value."""
    found = _to_set(actor, code)
    if unknown := sorted(set(limits) - set(found.limits)):
        raise BadInput(_("The rule has no limit “%(name)s”.") % {"name": unknown[0]}, locator=unknown[0])
    wanted = {name: _number(name, limits[name], limit) for name, limit in found.limits.items() if name in limits}
    own = {name: number for name, number in wanted.items() if number != found.limits[name].start}
    if is_on and not own:
        return _forget(actor, code)
    setting, _made = RuleSetting.objects.select_for_update().get_or_create(code=code)
    before = {"is_on": setting.is_on, "limits": setting.limits}
    setting.is_on, setting.limits, setting.changed_by = is_on, own, actor
    setting.save()
    audit.record(actor, "set rule", f"rule {code}", before=before, after={"is_on": is_on, "limits": own})
    return setting


@transaction.atomic
def reset(actor: User, code: str) -> None:
    """Make the rule again as its code declares it."""
    _to_set(actor, code)
    _forget(actor, code)


def _forget(actor: User, code: str) -> RuleSetting:
    started = RuleSetting(code=code)
    before = RuleSetting.objects.select_for_update().filter(code=code).first()
    if before is not None:
        before.delete()
        was = {"is_on": before.is_on, "limits": before.limits}
        audit.record(actor, "reset rule", f"rule {code}", before=was)
    return started


def _to_set(actor: User, code: str) -> Rule:
    # A rule judges every zone, so only who administers all of them may set it.
    if Role.ADMINISTRATOR not in rights_of(actor).everywhere:
        raise NotAllowed(_("Only an administrator can change rules."), locator=code)
    if code not in RULES:
        raise NotFound(_("There is no rule “%(code)s”.") % {"code": code}, locator="code")
    return RULES[code]


def _number(name: str, value: object, limit: Limit) -> float:
    """A number within the limit's range; people write 0,5 as well as 0.5."""
    try:
        number = float(str(value).strip().replace(",", "."))
    except ValueError:
        number = math.nan
    # Written so that NaN fails too.
    if not limit.least <= number <= limit.most:
        raise BadInput(
            _("“%(title)s” is a number from %(least)s to %(most)s %(unit)s.")
            % {
                "title": _(limit.title),
                "least": localize(limit.least),
                "most": localize(limit.most),
                "unit": limit.unit,
            },
            locator=name,
        )
    return number
