"""An earlier day on the map and in lists, two days compared, an object's history and the way back to a version."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.models import User
from tests.conftest import Publish
from tests.flows import world
from tests.flows.conftest import idle, open_map, sign_in

PLOT = f"selected=plots/{world.plot_id(1)}"


@pytest.fixture
def before(portal: str, publish: Publish, settings: Any) -> str:
    """An instant; since then plot 1 was reserved and plot 2 removed, and everybody may look into the past."""
    settings.PUBLIC_HISTORY = True
    instant = timezone.now().isoformat()
    publish([Edit.update("land.plot", world.plot_id(1), {"status": "reserved"})])
    publish([Edit.delete("land.plot", world.plot_id(2))])
    return instant


def test_a_visitor_looks_at_an_earlier_day_and_comes_back(page: Page, portal: str, before: str) -> None:
    open_map(page, portal, f"&{PLOT}&{urlencode({'at': before})}")
    expect(page.locator(".at-banner")).to_contain_text("State of")
    expect(page.locator("#card")).to_contain_text("available")
    page.get_by_role("link", name="Back to today").click()
    idle(page)
    expect(page.locator(".at-banner")).to_have_count(0)
    expect(page.locator("#card")).to_contain_text("reserved")


def test_a_day_is_chosen_in_the_list_and_carried_to_the_map(page: Page, portal: str, before: str) -> None:
    page.goto(f"{portal}/plots/?lang=en")
    expect(page.get_by_role("link", name="П-2", exact=True)).to_have_count(0)
    page.goto(f"{portal}/plots/?lang=en&{urlencode({'at': before})}")
    expect(page.get_by_role("link", name="П-2", exact=True)).to_have_count(1)
    page.get_by_role("link", name=re.compile("On the map.*П-2")).click()
    expect(page.locator("#card-title")).to_have_text("П-2")
    expect(page.locator(".at-banner")).to_contain_text("State of")


def test_the_date_field_asks_for_the_day(page: Page, portal: str, before: str) -> None:
    page.goto(f"{portal}/plots/?lang=en")
    yesterday = timezone.localdate() - timedelta(days=1)
    page.get_by_label("Show the state of").fill(yesterday.isoformat())
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".at-banner")).to_contain_text("the registry begins on")
    expect(page.get_by_role("heading", name="No plots were published by that day")).to_be_visible()


def test_two_days_are_compared_on_the_map_and_object_by_object(page: Page, portal: str, before: str) -> None:
    days = urlencode({"from": before, "to": timezone.now().isoformat()})
    page.goto(f"{portal}/compare/?lang=en&{days}")
    idle(page)
    expect(page.locator("[data-count=changed]")).to_have_text("1")
    expect(page.locator("[data-count=removed]")).to_have_text("1")
    page.get_by_role("link", name="П-1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("П-1")


def test_staff_go_back_to_an_earlier_version(page: Page, portal: str, before: str, olena: User) -> None:
    sign_in(page, portal, olena)
    page.goto(f"{portal}/history/land.plot/{world.plot_id(1)}/?lang=en")
    idle(page)
    latest = page.locator(".step").first
    expect(latest).to_contain_text("version 2")
    expect(latest.locator("del")).to_contain_text("available")
    page.get_by_role("button", name="Go back to version 1").click()
    expect(page.locator("#details .is")).to_contain_text("available")
    made = ChangeSet.objects.latest("pk")
    assert (made.state, made.author) == (ChangeSet.State.DRAFT, olena)
