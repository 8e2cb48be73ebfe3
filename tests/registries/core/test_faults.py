"""The nightly run: what it keeps, what it forgets, and that one failing rule stops nobody else."""

from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command
from django.utils import translation

from registries.core import faults, tasks
from registries.core.models import Fault, RuleSetting, User
from registries.core.rules import Finding
from registries.core.waivers import accept, is_accepted
from registries.land.models import Parcel, Zone
from tests.conftest import Publish, parcel, square
from tests.registries.core.conftest import Declare, fails


def every_parcel(ids: list[UUID] | None) -> list[Finding]:
    return [Finding(one.pk, one.geom.point_on_surface, {"reference": str(one)}) for one in Parcel.objects.all()]


def night() -> dict[str, int | None]:
    return {one.rule.code: one.found for one in faults.examine()}


@pytest.fixture
def ground(publish: Publish, zone: Zone) -> Parcel:
    edit = parcel("73626.501.1", square(0, 0), zone.pk)
    publish([edit])
    return Parcel.objects.get(pk=edit.object_id)


def test_a_fault_says_what_where_and_since_when(declare: Declare, ground: Parcel, zone: Zone) -> None:
    declare("TEST-1", every_parcel, message="Parcel %(reference)s.")
    assert night()["TEST-1"] == 1
    fault = Fault.objects.get(code="TEST-1")
    assert (fault.registry, fault.object_id, fault.zone_id) == ("land.parcel", ground.pk, zone.pk)
    assert fault.geom is not None
    assert ground.geom.contains(fault.geom)
    assert faults.text(fault) == "Parcel 73626.501.1."


def test_a_fault_keeps_the_day_it_was_first_seen(declare: Declare, ground: Parcel) -> None:
    declare("TEST-1", every_parcel)
    night()
    first = Fault.objects.get(code="TEST-1").first_seen
    night()
    again = Fault.objects.get(code="TEST-1")
    assert again.first_seen == first
    assert again.last_seen > first


def test_a_fault_that_is_gone_leaves(declare: Declare, ground: Parcel) -> None:
    findings = [Finding(ground.pk)]
    declare("TEST-1", lambda ids: findings)
    night()
    findings.clear()
    night()
    assert not Fault.objects.filter(code="TEST-1").exists()


def test_the_faults_of_a_rule_switched_off_leave(declare: Declare, ground: Parcel) -> None:
    declare("TEST-1", every_parcel)
    night()
    RuleSetting.objects.create(code="TEST-1", is_on=False)
    night()
    assert not Fault.objects.filter(code="TEST-1").exists()


def test_a_rule_that_fails_does_not_keep_the_others(declare: Declare, ground: Parcel) -> None:
    declare("TEST-1", fails)
    declare("TEST-2", every_parcel)
    found = night()
    assert (found["TEST-1"], found["TEST-2"]) == (None, 1)
    assert Fault.objects.get(code="TEST-1").locator == faults.LOCATOR_FAILED


def test_a_rule_that_fails_keeps_what_it_found_before(declare: Declare, ground: Parcel) -> None:
    broken: list[UUID] = []

    def judge(ids: list[UUID] | None) -> list[Finding]:
        return fails(ids) if broken else every_parcel(ids)

    declare("TEST-1", judge)
    night()
    broken.append(ground.pk)
    night()
    assert Fault.objects.filter(code="TEST-1", object_id=ground.pk).exists()


def test_a_rule_that_works_again_says_no_more_that_it_failed(declare: Declare, ground: Parcel) -> None:
    broken = [ground.pk]
    declare("TEST-1", lambda ids: fails(ids) if broken else [])
    night()
    broken.clear()
    night()
    assert not Fault.objects.filter(code="TEST-1").exists()


def test_too_many_findings_are_told_and_the_first_kept(
    declare: Declare, ground: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "MOST", 2)
    declare("TEST-1", lambda ids: [Finding(ground.pk)] * 5)
    assert night()["TEST-1"] == 5
    assert Fault.objects.filter(code="TEST-1", object_id=ground.pk).count() == 2
    with translation.override("en"):
        said = faults.text(Fault.objects.get(code="TEST-1", locator=faults.LOCATOR_MORE))
    assert said.startswith("The rule found 5")


def test_an_accepted_fault_is_known_as_such(declare: Declare, ground: Parcel, ada: User) -> None:
    declare("TEST-1", every_parcel)
    night()
    accept(ada, Fault.objects.filter(code="TEST-1"), "checked on site", None)
    night()
    assert Fault.objects.filter(is_accepted(), code="TEST-1").exists()


def test_the_command_says_what_it_found(declare: Declare, ground: Parcel) -> None:
    declare("TEST-1", every_parcel, message="Parcel %(reference)s.")
    out = StringIO()
    call_command("check_rules", stdout=out)
    assert "TEST-1" in out.getvalue()
    assert "Parcel …." in out.getvalue()


def test_the_command_names_the_rules_that_failed_and_ends_well(declare: Declare, ground: Parcel) -> None:
    declare("TEST-1", fails)
    out = StringIO()
    call_command("check_rules", stdout=out)
    assert "TEST-1" in out.getvalue().splitlines()[-1]


def test_the_worker_runs_the_rules_by_night(declare: Declare, ground: Parcel) -> None:
    declare("TEST-1", every_parcel)
    tasks.check_rules(0)
    assert Fault.objects.filter(code="TEST-1").exists()
