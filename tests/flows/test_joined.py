"""The map of collected static files, whose modules are one file."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from gis_portal import joined
from tests.flows.conftest import open_map


def test_the_map_and_its_tools_run_from_one_file(page: Page, portal: str):
    def answer(route: Route) -> None:
        route.fulfill(body=joined.joined("main"), content_type="text/javascript")

    page.route("**/static/portal/main.js", answer)
    open_map(page, portal)
    page.locator("#map").click()
    expect(page.locator("#card-title")).to_be_visible()
    page.get_by_role("button", name="Coordinates").click()
    expect(page.locator("#tool-title")).to_be_visible()


def test_what_a_module_keeps_to_itself_stays_within_it(page: Page, tmp_path, monkeypatch):
    monkeypatch.setattr(joined, "MODULES", tmp_path)
    sources = {
        "main": 'import { one } from "portal/one";\nimport { two } from "portal/two";\nconst own = 3;\n'
        "document.body.textContent = `${one()} ${two()} ${own}`;\n",
        "one": "const own = 1;\nexport function one() {\n  return own;\n}\n",
        "two": "// Another.\nconst own = 2;\n/** Doubled. */\nexport const two = () => own * 2;\n",
    }
    for name, source in sources.items():
        (tmp_path / f"{name}.js").write_text(source)
    page.set_content("<body></body>")
    page.add_script_tag(content=joined.joined("main"), type="module")
    expect(page.locator("body")).to_have_text("1 4 3")
