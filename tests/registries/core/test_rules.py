"""The engine: moments, switches, limits, and a rule that fails."""

import logging
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils.translation import override

from registries.changes import door
from registries.changes.models import ChangeSet
from registries.core.errors import RuleFailed, outcome
from registries.core.models import RuleSetting, User
from registries.core.rules import RULES, Finding, Moment, Problem, Rule, Scope, Severity, run
from registries.land.models import Zone
from tests.conftest import parcel, square
from tests.registries.core.conftest import LIMIT, Declare, each, fails

ONE = Scope({"land.parcel": [uuid4()]})


def codes(moment: Moment = Moment.SUBMIT, scope: Scope = ONE) -> list[str]:
    return [one.code for one in run(moment, scope)]


def test_a_code_is_given_once(declare: Declare) -> None:
    declare("TEST-1", each)
    with pytest.raises(ValueError, match="TEST-1"):
        declare("TEST-1", each)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda one: one.code)
def test_every_rule_says_something_in_both_languages(rule: Rule) -> None:
    for language in ("bg", "en"):
        with override(language):
            assert rule.words(rule.started())


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda one: one.code)
def test_every_limit_starts_within_its_range(rule: Rule) -> None:
    assert all(one.least <= one.start <= one.most for one in rule.limits.values())


@pytest.mark.django_db
def test_a_rule_in_force_judges(declare: Declare) -> None:
    declare("TEST-1", each)
    assert codes() == ["TEST-1"]


@pytest.mark.django_db
def test_a_rule_that_is_switched_off_does_not_judge(declare: Declare) -> None:
    declare("TEST-1", each)
    RuleSetting.objects.create(code="TEST-1", is_on=False)
    assert codes() == []


@pytest.mark.django_db
def test_publishing_asks_no_warnings(declare: Declare) -> None:
    declare("TEST-1", each)
    declare("TEST-2", each, severity=Severity.BLOCKS)
    assert codes(Moment.PUBLISH) == ["TEST-2"]


@pytest.mark.django_db
def test_a_registry_that_nothing_touches_is_not_judged(declare: Declare) -> None:
    declare("TEST-1", fails)
    assert codes(scope=Scope({"land.plot": [uuid4()]})) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("limits", "reach"), [({}, 0.5), ({"reach_m": 2}, 2), ({"other": 3}, 0.5)])
def test_a_rule_is_given_its_limits(declare: Declare, limits: dict[str, float], reach: float) -> None:
    def judge(ids: list[UUID] | None, *, reach_m: float) -> list[Finding]:
        return [Finding(None, None, {"was": reach_m})]

    declare("TEST-1", judge, limits={"reach_m": LIMIT}, message="Reach %(reach_m)s.")
    RuleSetting.objects.create(code="TEST-1", limits=limits)
    [problem] = run(Moment.SUBMIT, ONE)
    assert problem.params == {"reach_m": reach, "was": reach}


def test_numbers_are_told_as_the_reader_writes_them() -> None:
    problem = Problem("TEST-1", "%(gap_m)s m", params={"gap_m": 0.25})
    with override("bg"):
        assert problem.text() == "0,25 m"
    with override("en"):
        assert problem.text() == "0.25 m"


@pytest.mark.django_db
def test_a_rule_that_fails_is_named(declare: Declare, caplog: pytest.LogCaptureFixture) -> None:
    declare("TEST-1", fails)
    with caplog.at_level(logging.ERROR), pytest.raises(RuleFailed, match="TEST-1") as caught:
        codes()
    assert (caught.value.locator, outcome(caught.value).http_status) == ("TEST-1", 503)
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.django_db
def test_a_rule_whose_statement_fails_leaves_the_transaction_usable(declare: Declare) -> None:
    def judge(ids: list[UUID] | None) -> list[Finding]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return []

    declare("TEST-1", judge)
    with pytest.raises(RuleFailed):
        codes()
    assert RuleSetting.objects.count() == 0


@pytest.mark.parametrize("severity", Severity)
def test_a_rule_that_fails_refuses_the_submission_whole(
    declare: Declare, olena: User, zone: Zone, severity: Severity
) -> None:
    change_set = door.propose(olena, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x")
    declare("TEST-1", fails, severity=severity)
    with pytest.raises(RuleFailed):
        door.submit(olena, change_set)
    assert ChangeSet.objects.get(pk=change_set.pk).state == ChangeSet.State.DRAFT


def test_a_rule_that_fails_refuses_the_publication_whole(
    declare: Declare, olena: User, boris: User, zone: Zone
) -> None:
    change_set = door.propose(olena, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x")
    door.submit(olena, change_set)
    door.approve(boris, change_set, "so be it")
    declare("TEST-1", fails, severity=Severity.BLOCKS)
    with pytest.raises(RuleFailed):
        door.publish(boris, change_set)
    assert ChangeSet.objects.get(pk=change_set.pk).state == ChangeSet.State.APPROVED


def test_a_failing_rule_that_is_switched_off_is_in_nobodys_way(declare: Declare, olena: User, zone: Zone) -> None:
    declare("TEST-1", fails)
    RuleSetting.objects.create(code="TEST-1", is_on=False)
    change_set = door.propose(olena, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x")
    door.submit(olena, change_set)
    assert ChangeSet.objects.get(pk=change_set.pk).state == ChangeSet.State.SUBMITTED
