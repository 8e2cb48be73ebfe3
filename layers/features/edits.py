"""Features created, replaced, changed and removed over HTTP (OGC 20-002r1): as a draft of the person whose access token
comes along, by the same way as WFS-T.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from layers.features import bodies, items, tags
from layers.features.answers import READING, LoginNeeded
from layers.features.asking import Asking, asking
from layers.features.bodies import Object
from layers.features.formats import GEOJSON
from layers.features.links import address, link
from layers.features.parameters import check
from layers.layer import Layer
from layers.moment import seen
from layers.query import Query
from layers.writing import Done, Wish, perform
from registries.changes import door
from registries.core.errors import BadInput, NotAllowed, NotFound
from registries.core.models import User

# Beside a script of the portal's own pages only clients that a person set up send a token by themselves.
OWN_SITES = ("", "same-origin", "none")
Action = Literal["update", "replace", "delete"]


def on_items(request: HttpRequest, key: str) -> str:
    """The methods that this person may use on the collection's features; QGIS goes by them."""
    return _allowed(request, key, "POST")


def on_item(request: HttpRequest, key: str, id: str) -> str:
    return _allowed(request, key, "PUT", "PATCH", "DELETE")


def _allowed(request: HttpRequest, key: str, *writing: str) -> str:
    it = asking(request)
    it.layer(key)
    return ", ".join([*READING, *(writing if it.may_write(key) else ())])


@dataclass(frozen=True)
class Writer:
    """A person who may write to one layer."""

    it: Asking
    person: User
    layer: Layer


def writer(request: HttpRequest, key: str) -> Writer:
    """Raises LoginNeeded, NotFound and NotAllowed."""
    token = getattr(request, "access_token", None)
    by_browser = request.headers.get("Authorization", "").lower().startswith("basic")
    if token is None or (by_browser and request.headers.get("Sec-Fetch-Site", "") not in OWN_SITES):
        raise LoginNeeded(
            hint=_("Send an access token that may edit, as Bearer or as the password of HTTP Basic."),
        )
    it = asking(request)
    it.layer(key)
    layer = it.editing.get(key) if it.editing is not None else None
    if layer is None:
        raise NotAllowed(_("You have no right to edit this layer."), locator="collectionId")
    return Writer(it, token.person, layer)


def create(request: HttpRequest, key: str) -> HttpResponse:
    """201 with the new feature's address (6.2); of several features, with a list of theirs: all of them or none."""
    check(request.GET, ())
    by = writer(request, key)
    found, is_collection = bodies.features(request)
    wishes = [_creation(request, by, body) for body in found]
    done = perform(by.person, wishes)
    if is_collection:
        return _many(request, key, done)
    return _answer(request, key, done[0], status=201)


def _creation(request: HttpRequest, by: Writer, body: Object) -> Wish:
    return Wish(by.layer, "create", values=_whole(by.layer, body), **_shape(request, body.get("geometry")))


def replace(request: HttpRequest, key: str, id: str) -> HttpResponse:
    """The whole feature anew (6.3): what the body does not tell is unknown from then on."""
    by = writer(request, key)
    body = bodies.a_feature(bodies.document(request, bodies.WHOLE))
    values = _whole(by.layer, body)
    return _written(request, by, id, "replace", values=values, **_shape(request, body.get("geometry")))


def update(request: HttpRequest, key: str, id: str) -> HttpResponse:
    """A merge patch (7; RFC 7396): what it names changes, null being unknown."""
    by = writer(request, key)
    body = bodies.document(request, bodies.PATCH)
    for member in sorted(set(body) & {"geometry", "properties"}):
        if body[member] is None:
            raise BadInput(_("A feature cannot be without “%(name)s”.") % {"name": member}, locator=member)
    bodies.an_object(body.get("properties", {}), "properties")
    values = bodies.properties(body)
    if "id" in values:
        raise BadInput(_("The identifier of a feature cannot be changed."), locator="id")
    return _written(request, by, id, "update", values=values, **_shape(request, body.get("geometry")))


def delete(request: HttpRequest, key: str, id: str) -> HttpResponse:
    """204 (6.4)."""
    return _written(request, writer(request, key), id, "delete")


def _whole(layer: Layer, body: Object) -> dict[str, Any]:
    """The values of a whole feature: computed ones and the identifier, which are read only, are passed over."""
    values = bodies.properties(body)
    read_only = {"id", *(column.name for column in layer.columns if column.writes is None)}
    return {name: value for name, value in values.items() if name not in read_only}


def _shape(request: HttpRequest, found: Any) -> dict[str, Any]:
    """The geometry, if there is one; `Content-Crs` is looked at in any case."""
    reference = bodies.reference(request)
    return {} if found is None else {"geom": bodies.geometry(found, reference), "has_geom": True}


def _written(request: HttpRequest, by: Writer, id: str, action: Action, **what: Any) -> HttpResponse:
    check(request.GET, ())
    key = by.layer.key
    with transaction.atomic():
        # Of two requests at once the second one has to see what the first one did.
        door.begin_session(by.person)
        it = asking(request)
        try:
            query = items.one(it, key, id)
            with seen(it.view):
                state = tags.state_of(it, query)
        except NotFound:
            query, state = None, None
        version = tags.require(request, state)
        if query is None or state is None:
            raise items.missing(id)
        assert query.ids is not None
        done = perform(by.person, [Wish(by.layer, action, id=query.ids[0], version=version, **what)])
    return _answer(request, key, done[0], status=204)


def _answer(request: HttpRequest, key: str, done: Done, status: int) -> HttpResponse:
    """What was done; with the feature as it is now if the client prefers it (RFC 7240, 4.2)."""
    if done.action == "delete":
        return HttpResponse(status=status)
    location = address(request, "item", key, str(done.id))
    it = asking(request)
    query: Query = it.query(key, ids=(done.id,))
    with it.snapshot():
        state = tags.state_of(it, query)
        body = items.written(request, query, bodies.reference(request), query.layer.columns) if state else b""
    headers = {"ETag": tags.tag(request, it, query, state)} if state else {}
    if status == 201:
        headers["Location"] = location
    if state is None or _preferred(request) != "representation":
        return HttpResponse(status=status, headers=headers)
    headers |= {"Content-Crs": f"<{bodies.reference(request).uri}>", "Preference-Applied": "return=representation"}
    if status == 204:
        status = 200
    return HttpResponse(body, status=status, content_type=GEOJSON, headers={**headers, "Content-Location": location})


def _preferred(request: HttpRequest) -> str:
    """What `Prefer: return=…` says; other preferences are none of ours, and may be passed over (RFC 7240, 2)."""
    for preference in request.headers.get("Prefer", "").split(","):
        name, _equals, value = preference.partition(";")[0].partition("=")
        if name.strip().lower() == "return":
            return value.strip().strip('"').lower()
    return ""


def _many(request: HttpRequest, key: str, done: Sequence[Done]) -> HttpResponse:
    links = [link("item", address(request, "item", key, str(one.id)), GEOJSON) for one in done]
    return JsonResponse({"created": [str(one.id) for one in done], "links": links}, status=201)
