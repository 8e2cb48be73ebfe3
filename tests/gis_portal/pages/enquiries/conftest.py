"""Iva's browser: no account, no cookie, a form that was open for a minute."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import TimestampSigner, b62_encode
from django.test import Client

from gis_portal.edge import tokens

MINUTE, DAY = 60, 24 * 3600
SAID = {
    "activity": "cold store",
    "contact_name": "Iva Investor",
    "email": "iva@example.org",
    "consent": "on",
    "area_unit": "m2",
    "power_unit": "kva",
    "water_unit": "l/s",
    "waste_water_unit": "l/s",
}
PDF = b"%PDF-1.7\n"
Send = Callable[..., Any]


class Earlier(TimestampSigner):
    """Signs as it would have done some seconds ago."""

    seconds = 0

    def timestamp(self) -> str:
        return b62_encode(int(time.time()) - self.seconds)


def token(seconds: int = MINUTE) -> str:
    signer = Earlier(salt=tokens.SALT)
    signer.seconds = seconds
    return signer.sign(uuid4().hex)


@pytest.fixture
def client(settings: Any, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    # Forgery is checked as for a real browser.
    return Client(enforce_csrf_checks=True, headers={"Accept": "text/html"})


@pytest.fixture
def send(client: Client, db: None) -> Send:
    def sending(files: list[tuple[str, bytes]] | None = None, headers: Any = None, **more: Any) -> Any:
        sent = {**SAID, "token": token(), **more}
        if files:
            sent["files"] = [SimpleUploadedFile(name, content) for name, content in files]
        return client.post("/enquiries/new/?lang=en", sent, headers=headers or {"Sec-Fetch-Site": "same-origin"})

    return sending
