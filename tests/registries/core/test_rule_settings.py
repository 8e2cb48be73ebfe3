"""Who may set a rule, to what, and what the audit keeps of it."""

import pytest

from registries.core import rule_settings
from registries.core.errors import BadInput, NotAllowed, NotFound
from registries.core.models import AuditEntry, Role, RoleGrant, RuleSetting, User
from registries.land.models import Zone
from tests.conftest import person

CODE, LIMIT = "NET-010", "reach_m"


def test_an_administrator_switches_a_rule_off(ada: User) -> None:
    rule_settings.change(ada, CODE, is_on=False, limits={})
    assert RuleSetting.objects.get(code=CODE).is_on is False


def test_an_administrator_sets_a_limit(ada: User) -> None:
    rule_settings.change(ada, CODE, is_on=True, limits={LIMIT: "0,25"})
    setting = RuleSetting.objects.get(code=CODE)
    assert (setting.limits, setting.changed_by) == ({LIMIT: 0.25}, ada)


@pytest.mark.parametrize("value", ["", "x", "NaN", "inf", "-1", "1000", None])
def test_a_limit_outside_its_range_is_refused(ada: User, value: object) -> None:
    with pytest.raises(BadInput) as caught:
        rule_settings.change(ada, CODE, is_on=True, limits={LIMIT: value})
    assert caught.value.locator == LIMIT
    assert not RuleSetting.objects.exists()


def test_a_limit_that_the_rule_does_not_have(ada: User) -> None:
    with pytest.raises(BadInput, match="colour"):
        rule_settings.change(ada, CODE, is_on=True, limits={"colour": 1})


def test_a_rule_that_there_is_not(ada: User) -> None:
    with pytest.raises(NotFound, match="NET-999"):
        rule_settings.change(ada, "NET-999", is_on=False, limits={})


@pytest.mark.parametrize("name", ["olena", "boris", "stranger"])
def test_nobody_else_sets_rules(name: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        rule_settings.change(request.getfixturevalue(name), CODE, is_on=False, limits={})


def test_an_administrator_of_one_zone_sets_no_rules(zone: Zone) -> None:
    iva = person("iva")
    RoleGrant.objects.create(user=iva, role=Role.ADMINISTRATOR, zone_id=zone.pk)
    with pytest.raises(NotAllowed):
        rule_settings.change(iva, CODE, is_on=False, limits={})


def test_resetting_leaves_no_setting(ada: User) -> None:
    rule_settings.change(ada, CODE, is_on=False, limits={LIMIT: 1})
    rule_settings.reset(ada, CODE)
    assert not RuleSetting.objects.exists()


def test_the_audit_keeps_before_and_after(ada: User) -> None:
    rule_settings.change(ada, CODE, is_on=True, limits={LIMIT: 1})
    rule_settings.change(ada, CODE, is_on=False, limits={LIMIT: 2})
    entry = AuditEntry.objects.filter(action="set rule", subject=f"rule {CODE}").latest("pk")
    assert entry.actor == ada
    assert entry.details == {
        "before": {"is_on": True, "limits": {LIMIT: 1.0}},
        "after": {"is_on": False, "limits": {LIMIT: 2.0}},
    }


def test_the_audit_keeps_a_reset(ada: User) -> None:
    rule_settings.change(ada, CODE, is_on=False, limits={})
    rule_settings.reset(ada, CODE)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.details) == ("reset rule", {"before": {"is_on": False, "limits": {}}})


def test_setting_a_rule_as_it_came_leaves_no_setting(ada: User) -> None:
    rule_settings.change(ada, CODE, is_on=True, limits={LIMIT: "0.10"})
    assert not RuleSetting.objects.exists()
