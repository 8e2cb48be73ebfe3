"""From a search to a decision: find plots, keep them, set them side by side, send the link; ask to be told of more."""

import json
import re

from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from gis_portal.edge import tokens
from registries.notices.models import Letter, SavedSearch

KEEP = "button[data-shortlist='east/{}']"
# What a browser may hold under our key that is no list of plots.
CORRUPTED = ["{", "null", '"east/П-1"', "[1, null, {}]", '["П-1"]', json.dumps(["x" * 500])]


def open_list(page: Page, portal: str, query: str = "") -> None:
    page.goto(f"{portal}/plots/?lang=en{query}")
    page.locator("html[data-shortlisted]").wait_for(state="attached")


def keep(page: Page, *codes: str) -> None:
    for code in codes:
        page.locator(KEEP.format(code)).click()


def columns(page: Page) -> list[str]:
    return page.locator(".comparison thead .code").all_text_contents()


def test_find_keep_compare_and_send_the_link(page: Page, portal: str, browser: Browser):
    open_list(page, portal, "&status=available")
    keep(page, "П-1", "П-4")
    expect(page.locator("[data-shortlist-count]")).to_have_text("2")
    page.get_by_role("link", name="Open the shortlist").click()
    page.locator("html[data-comparison='2']").wait_for(state="attached")
    assert columns(page) == ["П-1", "П-4"]
    address = page.url

    somebody_else = browser.new_context(locale="bg-BG").new_page()
    somebody_else.goto(address)
    somebody_else.locator("html[data-comparison='2']").wait_for(state="attached")
    assert columns(somebody_else) == ["П-1", "П-4"]
    somebody_else.get_by_role("button", name="Keep these plots in my shortlist").click()
    expect(somebody_else.locator("html")).to_have_attribute("data-shortlisted", "2")
    somebody_else.context.close()


def test_a_plot_put_elsewhere_or_taken_out_is_so_in_the_browser_too(page: Page, portal: str):
    open_list(page, portal)
    keep(page, "П-1", "П-2", "П-4")
    page.locator("[data-shortlist-link]").click()
    page.get_by_role("link", name="Move П-4 to the left").click()
    page.wait_for_url(re.compile("%D0%9F-1,east/%D0%9F-4,east/%D0%9F-2"))
    page.get_by_role("link", name="Take П-1 out").click()
    page.locator("html[data-comparison='2']").wait_for(state="attached")
    assert columns(page) == ["П-4", "П-2"]
    assert page.evaluate("JSON.parse(localStorage.getItem('portal.shortlist'))") == ["east/П-4", "east/П-2"]


def test_the_sixth_is_told_kindly_that_there_is_no_room(page: Page, portal: str):
    open_list(page, portal)
    keep(page, "П-1", "П-2", "П-3", "П-4", "П-5", "П-6")
    expect(page.get_by_role("status").filter(has_text="room for five plots")).to_be_visible()
    expect(page.locator(KEEP.format("П-6"))).to_have_attribute("aria-pressed", "false")


def test_other_tabs_follow(page: Page, portal: str):
    open_list(page, portal)
    other = page.context.new_page()
    open_list(other, portal)
    keep(page, "П-1")
    expect(other.locator(KEEP.format("П-1"))).to_have_attribute("aria-pressed", "true")
    keep(other, "П-1")
    expect(page.locator("html")).to_have_attribute("data-shortlisted", "0")
    other.close()


def test_rows_that_a_script_puts_in_have_their_buttons(page: Page, portal: str):
    open_list(page, portal)
    row = page.locator(KEEP.format("П-1"))
    row.evaluate("""button => {
        const copy = button.cloneNode(true);
        copy.hidden = true;
        copy.dataset.shortlist = "east/П-9";
        button.parentElement.append(copy);
    }""")
    keep(page, "П-9")
    expect(page.locator(KEEP.format("П-9"))).to_have_attribute("aria-pressed", "true")


def test_what_else_lies_in_the_storage_counts_as_nothing(page: Page, portal: str):
    open_list(page, portal)
    for held in CORRUPTED:
        page.evaluate("held => localStorage.setItem('portal.shortlist', held)", held)
        page.reload()
        expect(page.locator("html")).to_have_attribute("data-shortlisted", "0")
    keep(page, "П-1")
    expect(page.locator("html")).to_have_attribute("data-shortlisted", "1")


def test_a_browser_that_stores_nothing_keeps_plots_as_long_as_the_page(page: Page, portal: str):
    blocked = "get() { throw new DOMException('blocked', 'SecurityError'); }"
    page.add_init_script(f"Object.defineProperty(window, 'localStorage', {{ {blocked} }})")
    open_list(page, portal)
    keep(page, "П-1", "П-2")
    page.locator("[data-shortlist-link]").click()
    page.locator("html[data-comparison='2']").wait_for(state="attached")


def test_the_page_without_plots_offers_what_the_browser_holds(page: Page, portal: str):
    open_list(page, portal)
    keep(page, "П-1", "П-2")
    page.goto(f"{portal}/shortlist/?lang=en")
    expect(page.get_by_text("Kept in this browser")).to_be_visible()
    page.get_by_role("link", name="Put them side by side").click()
    page.locator("html[data-comparison='2']").wait_for(state="attached")


def test_without_scripts_ticked_plots_are_compared(portal: str, browser: Browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{portal}/plots/?lang=en")
    page.get_by_label("Compare: П-1").check()
    page.get_by_label("Compare: П-2").check()
    page.get_by_role("button", name="Compare the ticked plots").click()
    assert columns(page) == ["П-1", "П-2"]
    page.get_by_role("link", name="Only differences").click()
    assert page.locator(".comparison tbody tr:not(.differs, .group) th").count() == 0
    page.context.close()


def test_on_a_phone_the_comparison_scrolls_within_itself(page: Page, portal: str):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{portal}/shortlist/?lang=en&plots=П-1,П-2,П-3,П-4,П-5")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    region = page.get_by_role("region", name="Comparison of plots")
    region.focus()
    page.keyboard.press("End")
    region.evaluate("one => one.scrollTo(400, 300)")
    label = page.get_by_role("rowheader", name="Area").first
    # The first column stays where it is.
    assert label.evaluate("one => one.getBoundingClientRect().left") < 30


def test_on_paper_stands_the_comparison_and_nothing_to_press(page: Page, portal: str):
    page.goto(f"{portal}/shortlist/?lang=en&plots=П-1,П-2")
    page.locator("html[data-comparison='2']").wait_for(state="attached")
    page.emulate_media(media="print")
    expect(page.get_by_role("rowheader", name="Area").first).to_be_visible()
    assert page.locator(".top:visible, .foot:visible, nav:visible, button:visible, .button:visible").count() == 0


def test_ask_to_be_told_confirm_and_end(page: Page, portal: str, settings, monkeypatch):
    settings.SENDS_EMAIL = True
    moment = timezone.now().timestamp() - 60
    with monkeypatch.context() as earlier:
        earlier.setattr("django.core.signing.time.time", lambda: moment)
        token = tokens.fresh()
    open_list(page, portal, "&status=available")
    page.get_by_role("link", name="Tell me about new plots like these").click()
    page.get_by_label("E-mail").fill("iva@example.org")
    page.get_by_label("I agree").check()
    # As if the form had been read for a minute.
    page.locator("[name=token]").evaluate("(one, token) => (one.value = token)", token)
    page.get_by_role("button", name="Send me the letter").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    assert page.context.cookies() == []

    found = re.search(r"http\S+/alerts/confirm/\S+", Letter.objects.get().body)
    assert found
    page.goto(found[0])
    page.get_by_role("button", name="Yes, write to me").click()
    page.locator("[data-search=confirmed]").wait_for()
    page.get_by_role("link", name="End these letters").click()
    page.get_by_role("button", name="End them").click()
    page.locator("[data-search=ended]").wait_for()
    assert SavedSearch.objects.get().ended_at is not None
