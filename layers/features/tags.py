"""The state of a feature as an entity tag (RFC 9110, 8.8.3; OGC 20-002r1, 8.3): `"7.1f3c-9a0b77e2"`.

Before the hyphen stands what was written last: the published version and, within a draft, what the draft makes of it.
That is what `If-Match` compares, in whichever form and reference system the feature was read. What follows tells
representations apart.
"""

from __future__ import annotations

import hashlib
import json
import re
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from psycopg import sql

from layers.features.answers import Stale
from layers.features.asking import Asking
from layers.moment import Draft
from layers.query import Query, where
from registries.changes.models import ChangeItem

TAG = re.compile(r'"([^"-]*)(-[^"]*)?"')
DIGITS = 8


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def state_of(it: Asking, query: Query) -> str | None:
    """What was written last of the one feature asked for; None if it is not there. To be read within its snapshot."""
    assert query.ids is not None, "Of one feature."
    (id,) = query.ids
    statement = sql.SQL("SELECT t.version FROM {} WHERE {}").format(query.layer.source, where(query))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    if row is None:
        return None
    drafted = in_draft(it.view, query.layer.registry, id) if isinstance(it.view, Draft) else ""
    return f"{row[0]}.{digest(drafted)}" if drafted else str(row[0])


def in_draft(draft: Draft, registry: str, id: UUID) -> str:
    items = ChangeItem.objects.filter(change_set_id__in=draft.change_sets, registry=registry, object_id=id)
    return "\n".join(
        f"{item.action} {json.dumps(item.attributes, sort_keys=True)} {item.geom.hexewkb if item.geom else ''}"
        for item in items
    )


def tag(request: HttpRequest, it: Asking, query: Query, state: str) -> str:
    """The tag of the answer to `request`. What it shows of other objects changes with the layer's revision."""
    catalogue = it.catalogue_with(query.layer.key)
    language = getattr(request, "LANGUAGE_CODE", "")
    shown = (request.get_full_path(), request.headers.get("Accept"), language, query.reader.token)
    return f'"{state}-{digest(repr((catalogue.revision(query.layer), *shown)))}"'


def is_known(request: HttpRequest, tag: str) -> bool:
    """Whether the client has this representation (RFC 9110, 13.1.2)."""
    given = request.headers.get("If-None-Match", "")
    return given.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in given.split(",")]


def require(request: HttpRequest, state: str | None) -> int | None:
    """The version that the client read, if it says which (RFC 9110, 13.1.1); raises Stale if it is not the present."""
    given = request.headers.get("If-Match", "").strip()
    if not given or (given == "*" and state is not None):
        return None
    # A weak tag is none to write by.
    known = {found[1] for one in given.split(",") if (found := TAG.fullmatch(one.strip()))}
    if state is None or state not in known:
        raise Stale(locator="If-Match")
    return int(state.partition(".")[0])
