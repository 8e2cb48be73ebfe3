"""The error map in a browser: from a finding to its place, to a change set, and to the rule's limits."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from registries.changes.models import ChangeSet
from registries.core import faults
from registries.core.models import Fault, User, Waiver
from tests.flows.conftest import idle, sign_in

DANGLING = "NET-010"


@pytest.fixture
def night(portal: str) -> int:
    """The rules have judged the corner, whose pipes hang free and nobody has accepted that; how many ends do."""
    Waiver.objects.all().delete()
    list(faults.examine())
    return Fault.objects.filter(code=DANGLING).count()


def test_a_problem_of_the_list_is_shown_on_the_map(page: Page, portal: str, night: int, boris: User) -> None:
    sign_in(page, portal, boris)
    page.goto(f"{portal}/desk/faults/?lang=en&rule={DANGLING}")
    idle(page)
    line = page.locator("[data-fault]").last
    line.get_by_role("button", name="Show on the map").click()
    expect(line).to_have_attribute("aria-current", "true")
    expect(page.locator(".diffmap-caption")).to_contain_text(DANGLING)


def test_a_problem_picked_on_the_map_is_marked_in_the_list(page: Page, portal: str, night: int, boris: User) -> None:
    sign_in(page, portal, boris)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{portal}/desk/faults/?lang=en&rule={DANGLING}")
    idle(page)
    line = page.locator("[data-fault]").last
    line.get_by_role("button", name="Show on the map").click()
    idle(page)
    page.locator("[data-fault]").first.evaluate("(line) => line.removeAttribute('aria-current')")
    line.evaluate("(line) => line.removeAttribute('aria-current')")
    page.locator(".diffmap-map").click()
    expect(page.locator("[data-fault][aria-current=true]")).to_have_count(1)


def test_the_problems_of_a_rule_become_a_change_set(page: Page, portal: str, night: int, olena: User) -> None:
    sign_in(page, portal, olena)
    page.goto(f"{portal}/desk/faults/?lang=en")
    page.locator(".by-rule").get_by_role("link", name=DANGLING).click()
    expect(page.locator("#found")).to_contain_text(str(night))
    page.get_by_role("button", name="Make a change set of these").click()
    expect(page).to_have_url(re.compile(r"/desk/changes/\d+/"))
    made = ChangeSet.objects.latest("pk")
    assert made.author == olena
    assert set(made.items.values_list("object_id", flat=True)) == set(
        Fault.objects.filter(code=DANGLING).values_list("object_id", flat=True)
    )


def test_warnings_are_accepted_with_a_reason(page: Page, portal: str, night: int, boris: User) -> None:
    sign_in(page, portal, boris)
    page.goto(f"{portal}/desk/faults/?lang=en&rule={DANGLING}")
    for box in page.get_by_role("checkbox", name=DANGLING).all():
        box.check()
    page.get_by_label("Reason; it stays on record").fill("Ends at the border of the survey.")
    page.get_by_role("button", name="Accept these warnings").click()
    page.goto(f"{portal}/desk/faults/?lang=en&rule={DANGLING}&accepted=accepted")
    expect(page.locator("[data-fault]").first).to_contain_text("Ends at the border of the survey.")


def test_an_administrator_sets_a_limit(page: Page, portal: str, ada: User) -> None:
    sign_in(page, portal, ada)
    page.goto(f"{portal}/desk/rules/?lang=en")
    rule = page.locator(f"#{DANGLING}")
    rule.get_by_text("Set", exact=True).click()
    rule.get_by_label(re.compile("reach")).fill("0.25")
    rule.get_by_role("button", name="Save").click()
    expect(page.locator(f"#{DANGLING}")).to_contain_text("Set by ada")
    page.locator(f"#{DANGLING}").get_by_text("Set", exact=True).click()
    expect(page.locator(f"#{DANGLING}").get_by_label(re.compile("reach"))).to_have_value("0.25")
