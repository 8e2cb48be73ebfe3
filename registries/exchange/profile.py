"""How the fields of a file fill the columns of a registry: by equal names, or as a profile (a JSON file) says.

A profile has `columns` (column → field, template, list of alternatives, or {"from": …, "values": …, "factor": …}),
`constants`, `key`
(what names a feature in the file), `where` (a condition in OGR SQL) and `network`. A template has field names in
braces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from registries.core.errors import BadInput
from registries.exchange.target import Target

KNOWN = frozenset({"columns", "constants", "key", "where", "network"})
PLACE = re.compile(r"\{([^{}]+)\}")
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
# INSPIRE words that are not simply our columns in another spelling.
SYNONYMS = {"areavalue": "legal_area_m2", "numberoffloorsaboveground": "floors"}
# What names a feature in files of the kinds we read, the best first.
KEYS = ("nationalCadastralReference", "localId", "gml_id", "osm_id", "osm_way_id", "fid", "id", "objectid")
DBF_NAME_LENGTH = 10


@dataclass(frozen=True)
class Profile:
    columns: Mapping[str, Any] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    key: Any = None
    where: str | None = None
    network: str = ""


def load(path: Path | None) -> Profile:
    """The profile in `path`; BadInput names the line or the entry that is wrong."""
    if path is None:
        return Profile()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(_("The profile cannot be read: %(reason)s.") % {"reason": error}, locator="map") from error
    except ValueError as error:
        raise BadInput(_("The profile is not valid JSON: %(reason)s.") % {"reason": error}, locator="map") from error
    if not isinstance(content, dict) or content.keys() - KNOWN:
        raise BadInput(
            _("The profile has entries that are not known."),
            locator="map",
            hint=_("Use only: %(names)s.") % {"names": ", ".join(sorted(KNOWN))},
        )
    return Profile(**content)


def completed(profile: Profile, target: Target, fields: Iterable[str]) -> tuple[Profile, list[str]]:
    """The profile with columns found by their names added, and the fields that fill nothing; unknown columns are
    refused.
    """
    unknown = {*profile.columns, *profile.constants} - target.columns
    if unknown:
        raise BadInput(
            _("“%(name)s” is not a column of %(target)s.") % {"name": sorted(unknown)[0], "target": target.name},
            locator="map",
            hint=_("Use one of: %(known)s.") % {"known": ", ".join(sorted(target.columns))},
        )
    wanted = target.columns - target.constants.keys() - profile.columns.keys() - profile.constants.keys()
    by_name: dict[str, Any] = {column: name for name in fields if (column := _column(name, wanted))}
    columns = {**by_name, **profile.columns}
    named = target.natural_key
    if named and named not in columns and named not in profile.constants:
        raise BadInput(
            _("No field of the file fills “%(column)s”, which names a feature in %(target)s.")
            % {"column": named, "target": target.name},
            locator="map",
            hint=_("Say with a profile (--map) which does. The file has: %(names)s.") % {"names": ", ".join(fields)},
        )
    used = " ".join([json.dumps(columns, ensure_ascii=False), json.dumps(profile.key, ensure_ascii=False)])
    unused = [name for name in fields if name not in used]
    return Profile(columns, profile.constants, profile.key or _key(fields), profile.where, profile.network), unused


def _column(name: str, wanted: frozenset[str]) -> str | None:
    flat = re.sub(r"[^a-z0-9]", "", name.lower())
    for column in sorted(wanted):
        if flat in (column.replace("_", ""), *(key for key, value in SYNONYMS.items() if value == column)):
            return column
    cut = [column for column in wanted if len(name) == DBF_NAME_LENGTH and column.startswith(name.lower())]
    return cut[0] if len(cut) == 1 else None


def _key(fields: Iterable[str]) -> list[str] | None:
    lower = {name.lower(): name for name in fields}
    return [lower[key.lower()] for key in KEYS if key.lower() in lower] or None


def value(spec: Any, fields: Mapping[str, Any]) -> Any:
    """What `spec` makes of a feature's fields; None where it finds nothing."""
    if isinstance(spec, list):
        return next((found for one in spec if (found := value(one, fields)) not in (None, "")), None)
    if isinstance(spec, dict):
        return _converted(spec, value(spec.get("from"), fields))
    if not isinstance(spec, str):
        return spec
    if "{" not in spec:
        return fields.get(spec)
    parts = [fields.get(name) for name in PLACE.findall(spec)]
    if any(part in (None, "") for part in parts):
        return None
    return PLACE.sub(lambda place: str(fields[place.group(1)]), spec)


def _converted(spec: Mapping[str, Any], found: Any) -> Any:
    if "values" in spec:
        found = spec["values"].get(str(found), spec.get("default"))
    if "factor" in spec and found is not None:
        number = NUMBER.search(str(found))
        found = float(number.group().replace(",", ".")) * spec["factor"] if number else None
    return spec.get("default") if found is None else found


def row(profile: Profile, target: Target, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of one feature; attributes of the asset type go into `attributes`."""
    filled = {**profile.constants, **{column: value(spec, fields) for column, spec in profile.columns.items()}}
    columns: dict[str, Any] = dict(target.constants)
    attributes = {}
    for name, found in filled.items():
        if name in target.attributes:
            if found not in (None, ""):
                attributes[name] = found
        elif found is not None:
            columns[name] = found
    return {**columns, "attributes": attributes} if attributes else columns
