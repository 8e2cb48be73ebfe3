"""How fast the public pages are on a mid-range phone over slow 4G: `python -m tests.bench.bench_pages <address>`.

The address is that of a running portal with collected static files, such as http://127.0.0.1:8000. Chromium slows its
processor four times and its network to 1.6 Mbit/s with 150 ms there and back, as Lighthouse's phone does. The first
visit is cold; the second one finds what the first has kept.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections import Counter
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, CDPSession, sync_playwright

CHROMIUM = shutil.which("chromium")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE = {"width": 412, "height": 823}
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
PROCESSOR_SLOWER = 4
SETTLED_MS = 2_000
IDLE_MS = 60_000
# Collected before the page begins. The first plot is drawn when a tile's canvas has a colour that is not its ground's.
WATCH = """
window.measured = {lcp: 0, cls: 0, plot: null};
new PerformanceObserver((list) => list.getEntries().forEach((one) => (measured.lcp = one.startTime)))
    .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => list.getEntries().forEach((one) => one.hadRecentInput || (measured.cls += one.value)))
    .observe({type: "layout-shift", buffered: true});
const look = () => {
    for (const canvas of document.querySelectorAll("canvas.leaflet-tile")) {
        if (!canvas.width) continue;
        const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const seen = new Set();
        for (let i = 0; i < data.length; i += 400)
            if (data[i + 3]) seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
        if (seen.size > 4) return (measured.plot = performance.now());
    }
    setTimeout(look, 100);
};
addEventListener("DOMContentLoaded", () => document.getElementById("map") && look());
"""
TOLD = """() => ({...measured, fcp: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0})"""
HEADER = f"{'page':34} {'visit':6} {'FCP':>6} {'LCP':>6} {'CLS':>6} {'plot':>6} {'asked':>5} {'kB':>6}  kB by kind"


class Traffic:
    """What came over the network, as it was packed, by kind; answers out of the cache weigh nothing."""

    def __init__(self, session: CDPSession) -> None:
        self.kinds: dict[str, str] = {}
        self.bytes: Counter[str] = Counter()
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)

    def _received(self, event: dict[str, Any]) -> None:
        tile = re.search(r"\.(mvt|png|pbf)(\?|$)", event["response"]["url"]) and event["type"] == "Fetch"
        self.kinds[event["requestId"]] = "tiles" if tile else event["type"].lower()

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes[self.kinds.get(event["requestId"], "other")] += int(event["encodedDataLength"])


def visit(browser: Browser, address: str) -> list[tuple[str, dict[str, Any], Traffic]]:
    """One cold and one repeated visit."""
    context = browser.new_context(
        viewport=PHONE,
        device_scale_factor=1.75,
        is_mobile=True,
        has_touch=True,
        service_workers="block",
    )
    found = []
    for which in ("cold", "again"):
        page = context.new_page()
        page.add_init_script(WATCH)
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": PROCESSOR_SLOWER})
        traffic = Traffic(session)
        page.goto(address, wait_until="load", timeout=IDLE_MS)
        if page.locator("html[data-map]").count():
            page.locator("html[data-map=idle]").wait_for(state="attached", timeout=IDLE_MS)
        # Paints are told late.
        page.wait_for_timeout(SETTLED_MS)
        found.append((which, page.evaluate(TOLD), traffic))
        page.close()
    context.close()
    return found


def first_plot(address: str) -> str:
    with urlopen(f"{address}/plots/?lang=en") as answer:
        found = re.search(r'href="(/plots/[^"?]+/)', answer.read().decode())
    return found[1] if found else "/plots/"


def line(path: str, which: str, told: dict[str, Any], traffic: Traffic) -> str:
    plot = f"{told['plot'] / 1000:6.2f}" if told["plot"] else "     –"
    total = sum(traffic.bytes.values())
    kinds = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in traffic.bytes.most_common())
    times = f"{told['fcp'] / 1000:6.2f} {told['lcp'] / 1000:6.2f} {told['cls']:6.3f} {plot}"
    return f"{path:34} {which:6} {times} {len(traffic.kinds):5} {total / 1000:6.1f}  {kinds}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    address = parser.parse_args().address.rstrip("/")
    out = sys.stdout
    out.write(f"{HEADER}\n")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        for path in ("/", "/plots/", first_plot(address), "/shortlist/"):
            for which, told, traffic in visit(browser, f"{address}{path}?lang=en"):
                out.write(f"{line(path, which, told, traffic)}\n")
        browser.close()


if __name__ == "__main__":
    main()
