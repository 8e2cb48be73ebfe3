"""What is stored under one attribute anywhere: published, in history, in drafts. All of it is cast when it is shown."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from registries.networks.attributes import CONVERSIONS

DISTINCT = """
SELECT DISTINCT (attributes -> %(key)s)::text FROM (
    SELECT attributes FROM networks_node WHERE asset_type_id = %(type)s
    UNION ALL SELECT attributes FROM networks_link WHERE asset_type_id = %(type)s
    UNION ALL SELECT row -> 'attributes' FROM core_history
        WHERE registry IN ('networks.node', 'networks.link') AND row ->> 'asset_type_id' = %(type)s
    UNION ALL SELECT attributes -> 'attributes' FROM changes_changeitem
        WHERE registry IN ('networks.node', 'networks.link')
        AND coalesce(attributes ->> 'asset_type_id', %(type)s) = %(type)s
) everywhere
WHERE jsonb_typeof(attributes) = 'object' AND jsonb_typeof(attributes -> %(key)s) <> 'null'
"""


def misfits(asset_type: str, key: str, kind: str) -> list[Any]:
    """The stored values that are not of type `kind` (a key of CONVERSIONS) as they stand."""
    with connection.cursor() as cursor:
        cursor.execute(DISTINCT, {"type": asset_type, "key": key})
        values = [json.loads(text) for (text,) in cursor.fetchall()]
    return [value for value in values if not _fits(value, kind)]


def _fits(value: Any, kind: str) -> bool:
    try:
        converted = CONVERSIONS[kind](value)
    except ValueError:
        return False
    return converted == value and isinstance(converted, bool) == isinstance(value, bool)
