"""The page of the rules: everybody on the desk reads it, administrators set them."""

import pytest

from registries.core.models import AuditEntry, RuleSetting
from registries.core.rules import RULES

RULES_PAGE = "/desk/rules/"
SETTING = {"is_on": "on", "reach_m": "0.3"}


@pytest.mark.parametrize("who", ["olena", "boris"])
def test_staff_read_every_rule(desk, who, request):
    text = desk(request.getfixturevalue(who)).text(RULES_PAGE)
    assert all(f'id="{code}"' in text for code in RULES)
    assert "<form" not in text.split("<main", 1)[1]


def test_administrators_have_a_form_for_each(desk, ada):
    text = desk(ada).text(RULES_PAGE)
    assert all(f'action="{RULES_PAGE}{code}/?lang=en"' in text for code in RULES)


def test_who_is_no_staff_does_not_come_in(desk, stranger):
    assert desk().client.get(RULES_PAGE).status_code == 302
    assert desk(stranger).get(RULES_PAGE).status_code == 403


def test_an_administrator_sets_a_limit(desk, ada):
    assert desk(ada).client.post(f"{RULES_PAGE}NET-010/", SETTING).status_code == 302
    assert RuleSetting.objects.get(code="NET-010").limits == {"reach_m": 0.3}
    assert "lies within 0.3 m" in desk(ada).text(RULES_PAGE)


def test_an_administrator_switches_a_rule_off_and_on(desk, ada):
    desk(ada).client.post(f"{RULES_PAGE}NET-010/", {"reach_m": "0.1"})
    assert RuleSetting.objects.get(code="NET-010").is_on is False
    assert "switched off" in desk(ada).text(RULES_PAGE)
    desk(ada).client.post(f"{RULES_PAGE}NET-010/", {"reach_m": "0.1", "is_on": "on"})
    assert not RuleSetting.objects.exists()


def test_an_administrator_makes_a_rule_as_it_came(desk, ada):
    desk(ada).client.post(f"{RULES_PAGE}NET-010/", SETTING)
    assert desk(ada).client.post(f"{RULES_PAGE}NET-010/reset/").status_code == 302
    assert not RuleSetting.objects.exists()
    assert list(AuditEntry.objects.filter(subject="rule NET-010").values_list("action", flat=True)) == [
        "set rule",
        "reset rule",
    ]


@pytest.mark.parametrize("typed", ["", "deep", "-1", "1e9"])
def test_a_bad_limit_is_refused_with_its_range_and_stays_in_the_form(desk, ada, typed):
    response = desk(ada).client.post(f"{RULES_PAGE}NET-010/?lang=en", {"is_on": "on", "reach_m": typed})
    text = response.content.decode()
    assert response.status_code == 400
    assert "is a number from 0.02 to 5 m" in text.replace("5.0", "5")
    assert f'value="{typed}"' in text
    assert not RuleSetting.objects.exists()


@pytest.mark.parametrize("path", ["NET-010/", "NET-010/reset/"])
@pytest.mark.parametrize("who", ["olena", "boris"])
def test_nobody_else_sets_a_rule(desk, who, path, request):
    response = desk(request.getfixturevalue(who)).client.post(RULES_PAGE + path, SETTING)
    assert response.status_code == 403
    assert not RuleSetting.objects.exists()


@pytest.mark.parametrize("path", ["NET-999/", "NET-999/reset/"])
def test_a_rule_that_there_is_not(desk, ada, path):
    assert desk(ada).client.post(RULES_PAGE + path, SETTING).status_code == 404


def test_setting_is_a_post(desk, ada):
    assert desk(ada).get(f"{RULES_PAGE}NET-010/").status_code == 405
