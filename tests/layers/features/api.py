"""The OGC API as one client asks it, with an access token or without."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from registries.core import tokens
from registries.core.models import AccessToken, User

GEOJSON, PATCH = "application/geo+json", "application/merge-patch+json"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any
    body: bytes
    reason: str

    @property
    def told(self) -> Any:
        return json.loads(self.body)

    @property
    def ids(self) -> list[str]:
        return [feature["id"] for feature in self.told["features"]]

    @property
    def allowed(self) -> set[str]:
        return set(self.headers["Allow"].split(", "))

    def link(self, rel: str) -> str:
        return next(one["href"] for one in self.told["links"] if one["rel"] == rel)


@dataclass
class Api:
    client: Client = field(default_factory=Client)
    secret: str = ""

    @classmethod
    def of(cls, person: User, scope: str = AccessToken.Scope.EDIT) -> Api:
        return cls(secret=tokens.issue(person, "test", scope, timedelta(days=1)))

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        sent = {**({"Authorization": f"Bearer {self.secret}"} if self.secret else {}), **headers}
        sent = {name.replace("_", "-"): value for name, value in sent.items()}
        kind = sent.pop("Content-Type", PATCH if method == "PATCH" else GEOJSON)
        data = body if isinstance(body, str | bytes) else "" if body is None else json.dumps(body)
        address = path if path.startswith(("http", "/")) else f"/ogc/{path}"
        response: Any = self.client.generic(method, address, data, content_type=kind, headers=sent)
        content = response.getvalue()
        return Answer(response.status_code, response, content, response.reason_phrase)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)
