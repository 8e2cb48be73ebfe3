"""Code lists: the words that are stored, such as INSPIRE's `functional`, and what people read instead of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from registries.core.kept import Kept
from registries.core.models import CodeValue
from registries.core.revisions import bump
from registries.core.seeds import Row, Seeded, seed

TOPIC = "core.codes"
FIXTURE = Path(settings.BASE_DIR) / "fixtures" / "code_lists.json"


@dataclass(frozen=True)
class Titles:
    """What one code is called, and its CAD 4.03 code where there is one."""

    title_bg: str
    title_en: str
    cad_code: str = ""

    @property
    def title(self) -> str:
        """In the active language."""
        return self.title_bg if (get_language() or "").startswith("bg") else self.title_en


def _read() -> dict[str, dict[str, Titles]]:
    found: dict[str, dict[str, Titles]] = defaultdict(dict)
    for code in CodeValue.objects.all():
        found[code.code_list][code.value] = Titles(code.title_bg, code.title_en, code.cad_code)
    return dict(found)


_lists = Kept(TOPIC, _read)


def labels(code_list: str, number: int | None = None) -> Mapping[str, Titles]:
    """The codes of one list by value, in the list's order; empty when there is no such list.

    `number` is the revision of `core.codes` if the caller knows it; otherwise the answer is at most one second old.
    """
    known = _lists.now() if number is None else _lists.at(number)
    return known.get(code_list, {})


def values(code_list: str) -> Mapping[str, Titles]:
    """As `labels`, but certainly as the database has it now: for refusing a value."""
    return _lists.renewed().get(code_list, {})


def rows(document: dict[str, Any]) -> list[Row]:
    """The rows of a document in the form of fixtures/code_lists.json."""
    return [
        {
            "code_list": name,
            "value": value,
            "title_bg": title_bg,
            "title_en": title_en,
            "cad_code": cad[0] if cad else "",
            "position": (number + 1) * 10,
        }
        for name, code_list in document["lists"].items()
        for number, (value, title_bg, title_en, *cad) in enumerate(code_list["values"])
    ]


@transaction.atomic
def load(path: Path = FIXTURE) -> Seeded:
    """Bring the product's code lists into the database; raises the revision only when something changed."""
    seeded = seed(CodeValue, rows(json.loads(path.read_text(encoding="utf-8"))), key=("code_list", "value"))
    if seeded.changed:
        bump([TOPIC])
    return seeded
