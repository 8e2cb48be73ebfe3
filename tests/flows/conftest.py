"""A real browser on a served portal: nothing may leave this machine, and nothing may go wrong quietly."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, Request

from layers.maps import configuration, editions
from registries.core.models import User
from tests.conftest import Publish
from tests.flows import with_qgis, world

CHROMIUM = shutil.which("chromium")
# Without the last ones Chromium looks for its maker's servers at every start.
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SWITCHES += ["--disable-component-update", "--disable-sync"]
WORKER_KEPT_OUT = "Service Worker registration blocked by Playwright"
IDLE_MS = 20_000
PATIENCE_S = 10
OTHERS_AT_WORK = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'
"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed.")
    # Playwright drives its event loop in this thread, where Django would otherwise refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": SWITCHES}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    # What a worker asks for passes the journeys' own routes by; tests/flows/test_offline.py lets it in.
    wanted = {"locale": "en-GB", "viewport": {"width": 1280, "height": 800}, "service_workers": "block"}
    return {**browser_context_args, **wanted}


@pytest.fixture
def plain_ground(settings: Any) -> None:
    settings.BASEMAPS = []


@pytest.fixture
def portal(live_server: Any, publish: Publish, plain_ground: None) -> str:
    """The address of a portal that serves the known corner of a zone."""
    world.asset_types()
    publish([*world.land(), *world.networks()])
    return str(live_server.url).replace("localhost", "127.0.0.1")


@pytest.fixture(scope="session")
def qgis_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return with_qgis.environment(tmp_path_factory.mktemp("qgis"))


@pytest.fixture
def qgis(
    qgis_environment: dict[str, str], portal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> with_qgis.Qgis:
    """Runs steps of `qgis_client.py` in one QGIS and gives what each found."""
    for module in (configuration, editions):
        monkeypatch.setattr(module, "CACHE_DIR", tmp_path / "maps")
    return lambda *steps: with_qgis.run("qgis_client.py", portal, qgis_environment, steps)


@pytest.fixture
def tolerated() -> list[str]:
    """Console messages that a journey provokes on purpose; a test may add beginnings of them."""
    return []


@pytest.fixture
def page(page: Page, tolerated: list[str]) -> Iterator[Page]:
    """Playwright's page; a request off this machine, a console error or an uncaught error fails the test."""
    wrong: list[str] = []

    def on_request(request: Request) -> None:
        if urlsplit(request.url).scheme.startswith("http") and urlsplit(request.url).hostname != "127.0.0.1":
            wrong.append(f"asked {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and message.text != WORKER_KEPT_OUT:
            wrong.append(f"console: {message.text}")

    page.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    yield page
    unexpected = [one for one in wrong if not any(one.startswith(known) for known in tolerated)]
    assert not unexpected


@pytest.fixture(autouse=True)
def answered(request: pytest.FixtureRequest) -> Iterator[None]:
    """Pages are left while tiles are under way: emptying the tables waits until the server has answered them all."""
    yield
    quiet, end = 0, time.monotonic() + PATIENCE_S
    while "live_server" in request.fixturenames and quiet < 2 and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(OTHERS_AT_WORK)
            quiet = 0 if cursor.fetchone()[0] else quiet + 1
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def no_jobs_left(request: pytest.FixtureRequest, answered: None) -> Iterator[None]:
    """What a served portal queued is committed, and the queue's tables are not Django's to empty."""
    yield
    if "live_server" in request.fixturenames:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")


def sign_in(page: Page, portal: str, person: User) -> None:
    client = Client()
    client.force_login(person)
    cookie = {"name": site.SESSION_COOKIE_NAME, "value": client.cookies[site.SESSION_COOKIE_NAME].value, "url": portal}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def idle(page: Page) -> None:
    """Wait until everything that was asked for is drawn."""
    page.locator("html[data-map=idle]").wait_for(state="attached", timeout=IDLE_MS)


def open_map(page: Page, portal: str, query: str = "") -> None:
    page.goto(f"{portal}/?lang=en{query}")
    idle(page)
