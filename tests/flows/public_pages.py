"""Every page that the public opens, named once: looks, keys, widths and cookies are tried on each of them.

Whoever adds a page adds its address here.
"""

from __future__ import annotations

from playwright.sync_api import Page

from tests.flows import world
from tests.flows.conftest import idle

PAGES = {
    "map": "/",
    "map with a plot chosen": f"/?selected=plots/{world.plot_id(1)}",
    "list of plots": "/plots/",
    "shortlist": "/shortlist/",
    "comparison": "/shortlist/?plots=П-1,П-2,П-5,П-77",
    "letters about a search": "/alerts/new/?status=available&area_min=100",
    "list of what is available": "/plots/?status=available&area_min=5000",
    "list where nothing matches": "/plots/?area_min=99999999",
    "plot": "/plots/П-1/",
    "plot that is taken": "/plots/П-3/",
    "no such plot": "/plots/П-99/",
    "paper that nobody issued": "/plots/П-1/editions/x/",
    "asking for a plot": "/enquiries/new/?plot=east/П-1",
    "finding an enquiry": "/enquiries/",
    "letters asked for": "/alerts/asked/",
    "services": "/services/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "offline": "/offline/",
    "log-in": "/accounts/login/",
    "nothing here": "/nowhere",
    "history": f"/history/land.plot/{world.plot_id(1)}/",
    "data": "/ogc/",
    "data of plots": "/ogc/collections/plots/items",
}
MISSING = "console: Failed to load resource: the server responded with a status of 404"


def visit(page: Page, portal: str, name: str, language: str) -> None:
    """Open the page of that name and wait until it is complete."""
    path = PAGES[name]
    page.goto(f"{portal}{path}{'&' if '?' in path else '?'}lang={language}")
    if page.locator("html[data-map]").count():
        idle(page)
