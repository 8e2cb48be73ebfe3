"""Everybody can use every public page: axe-core, keys alone, a narrow or enlarged window, colours by the system."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from gis_portal.finders import PACKAGES
from tests.flows.public_pages import MISSING, PAGES, visit

AXE = (PACKAGES / "axe-core" / "axe.min.js").read_text()
RUN = """() => axe.run({rules: {"target-size": {enabled: true}}}).then(({violations}) =>
    violations.map(({id, nodes}) => [id, nodes.map((node) => [node.html.slice(0, 200), node.failureSummary])]))"""
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
# Each language, size and scheme meets each of the others once.
EYES = {
    "phone-light-bg": (PHONE, "light", "bg"),
    "phone-dark-en": (PHONE, "dark", "en"),
    "desktop-light-en": (DESKTOP, "light", "en"),
    "desktop-dark-bg": (DESKTOP, "dark", "bg"),
}
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4")].filter((one) => one.checkVisibility()
    || one.matches("h1")).map((one) => Number(one.tagName[1]))"""
WIDTH = "document.documentElement.scrollWidth"
# What has the focus: its name, whether its mark is seen, and whether something else lies over it.
FOCUSED = """() => {
    const it = document.activeElement;
    if (it === document.body) return null;
    const looks = [getComputedStyle(it), getComputedStyle(it, "::after")];
    const {left, top, width, height} = it.getBoundingClientRect();
    const within = (place, most) => Math.min(Math.max(place, 1), most - 2);
    const over = document.elementFromPoint(within(left + width / 2, innerWidth), within(top + height / 2, innerHeight));
    const beside = it.closest(".chip") ?? it.parentElement.querySelector("input:focus-visible + span");
    if (beside) looks.push(getComputedStyle(beside));
    // The calendar within a field for a date is the browser's own, and so is its mark.
    const outlined = looks.some((one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 2);
    const marked = it.type === "date" || outlined;
    const uncovered = it.contains(over) || over?.contains(it) || over?.closest("label")?.contains(it);
    it.dataset.passed = Number(it.dataset.passed ?? 0) + 1;
    return [it.outerHTML.slice(0, 120), marked, Boolean(uncovered), Number(it.dataset.passed)];
}"""


@pytest.fixture(autouse=True)
def missing_page_tolerated(tolerated: list[str]) -> None:
    tolerated.append(MISSING)


@pytest.mark.parametrize("eyes", EYES)
def test_axe_finds_nothing_on_any_page(page: Page, portal: str, eyes: str):
    size, scheme, language = EYES[eyes]
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    found: dict[str, Any] = {}
    for name in PAGES:
        visit(page, portal, name, language)
        page.evaluate(AXE)
        found[name] = page.evaluate(RUN)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_no_page_scrolls_sideways_or_skips_a_heading(page: Page, portal: str):
    """320 px is 1280 at 400 % (WCAG 1.4.10), 640 px is 1280 at 200 % (1.4.4). One first heading, none left out."""
    wrong: dict[str, Any] = {}
    for name in PAGES:
        page.set_viewport_size({"width": 320, "height": 640})
        visit(page, portal, name, "bg")
        narrow = page.evaluate(WIDTH)
        page.set_viewport_size({"width": 640, "height": 640})
        wide, levels = page.evaluate(WIDTH), page.evaluate(HEADINGS)
        skips = any(after > before + 1 for before, after in pairwise(levels))
        if narrow > 320 or wide > 640 or levels.count(1) != 1 or skips:
            wrong[name] = narrow, wide, levels
    assert wrong == {}


@pytest.mark.parametrize("name", ["list of plots", "plot", "map"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_keys_reach_everything_and_the_focus_is_seen(page: Page, portal: str, name: str, size: Any):
    """No trap (2.1.2), always marked (2.4.7), never covered (2.4.11)."""
    page.set_viewport_size(size)
    visit(page, portal, name, "en")
    unseen, steps, found = [], 0, None
    while steps < 400:
        page.keyboard.press("Tab")
        steps += 1
        found = page.evaluate(FOCUSED)
        # A date has a place for each of its parts.
        if found is None or found[3] > 4:
            break
        if not (found[1] and found[2]):
            unseen.append(found)
    assert found is None, "a trap"
    assert unseen == []
    assert 5 < steps < 400


def test_whoever_wants_less_motion_gets_none(page: Page, portal: str):
    page.emulate_media(reduced_motion="reduce")
    for name in ("map", "list of plots"):
        visit(page, portal, name, "en")
        assert page.evaluate("document.getAnimations().filter((one) => one.playState === 'running').length") == 0


def test_in_forced_colours_the_chosen_place_is_marked_by_more_than_colour(page: Page, portal: str):
    page.emulate_media(forced_colors="active")
    visit(page, portal, "list of plots", "en")
    chosen = page.locator(".places [aria-current]")
    assert chosen.evaluate("(it) => getComputedStyle(it).outlineStyle") == "solid"
