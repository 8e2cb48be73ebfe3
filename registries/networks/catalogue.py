"""The asset catalogue as code asks it: the attributes of each kind of asset. Its rows are edited in the browser."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registries.core.errors import BadInput
from registries.core.kept import Kept
from registries.core.models import Audience
from registries.core.revisions import bump
from registries.core.seeds import Row, Seeded, seed

TOPIC = "networks.assettype"
FIXTURE = Path(settings.BASE_DIR) / "fixtures" / "asset_types.json"


@dataclass(frozen=True)
class Attribute:
    """What may be stored under one key of an asset's `attributes`."""

    key: str
    type: str
    title_bg: str
    title_en: str
    code_list: str = ""
    required: bool = False

    @property
    def title(self) -> str:
        """In the active language."""
        return self.title_bg if (get_language() or "").startswith("bg") else self.title_en


@dataclass(frozen=True)
class Kind:
    """An asset type with its attributes by key, in their order."""

    key: str
    theme: str
    geometry_kind: str
    attributes: Mapping[str, Attribute]


def _model(name: str) -> Any:
    # The models ask this module to check their columns, so it cannot import them.
    return apps.get_model("networks", name)


def _read() -> dict[str, Kind]:
    attributes: dict[str, dict[str, Attribute]] = defaultdict(dict)
    for row in _model("AssetAttribute").objects.all():
        attribute = Attribute(row.key, row.type, row.title_bg, row.title_en, row.code_list, row.required)
        attributes[row.asset_type_id][row.key] = attribute
    return {
        row.key: Kind(row.key, row.theme, row.geometry_kind, attributes[row.key])
        for row in _model("AssetType").objects.all()
    }


kinds = Kept(TOPIC, _read)


def type_rows(document: dict[str, Any]) -> list[Row]:
    """The rows of `AssetType` of a document in the form of fixtures/asset_types.json."""
    return [
        {
            "key": one["key"],
            "theme": one["theme"],
            "geometry_kind": one["kind"],
            "title_bg": one["title"][0],
            "title_en": one["title"][1],
            "symbol": one["symbol"],
            "inspire_class": one.get("inspire", ["", ""])[0],
            "inspire_code": one.get("inspire", ["", ""])[1],
            "cad_code": one.get("cad", ""),
            "audience": Audience[one.get("audience", "PUBLIC")].value,
            "position": (number + 1) * 10,
        }
        for number, one in enumerate(document["types"])
    ]


def attribute_rows(document: dict[str, Any]) -> list[Row]:
    """The rows of `AssetAttribute` of the same document; raises BadInput for an attribute that it does not describe."""
    rows = []
    for one in document["types"]:
        for number, key in enumerate(one["attributes"]):
            if key not in document["attributes"]:
                text = _("The attribute “%(key)s” of “%(type)s” is not described.") % {"key": key, "type": one["key"]}
                raise BadInput(text, locator=key)
            rows.append(_attribute_row(document, one, key, (number + 1) * 10))
    return rows


def _attribute_row(document: dict[str, Any], one: dict[str, Any], key: str, position: int) -> Row:
    title_bg, title_en, kind, *more = document["attributes"][key]
    unit, code_list, audience = [*more, "", "", ""][:3]
    return {
        "asset_type_id": one["key"],
        "key": key,
        "title_bg": title_bg,
        "title_en": title_en,
        "type": kind,
        "unit": unit,
        "code_list": code_list,
        "required": key in one.get("required", ()),
        "audience": Audience[audience or "PUBLIC"].value,
        "position": position,
    }


@transaction.atomic
def load(path: Path = FIXTURE) -> tuple[Seeded, Seeded]:
    """Bring the product's asset types and attributes into the database; raises the revision when something changed."""
    document = json.loads(path.read_text(encoding="utf-8"))
    types = seed(_model("AssetType"), type_rows(document), key=("key",))
    attributes = seed(_model("AssetAttribute"), attribute_rows(document), key=("asset_type_id", "key"))
    if types.changed or attributes.changed:
        bump([TOPIC])
    return types, attributes
