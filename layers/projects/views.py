"""Files for QGIS, made from the catalogue as who asks sees it: everybody, or a person by session or access token.

A person's file reads and writes as that person, by a configuration kept in their own QGIS; `public=1` gives them the
file that everybody gets.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.access import reader_of
from layers.catalogue import Catalogue, catalogue_of, editing_catalogue
from layers.projects import sources
from layers.projects.project import definition, packed, project
from layers.projects.sources import Site
from layers.projects.tree import Placed
from registries.core.errors import BadInput
from registries.core.models import User

# As QGIS registers its own files with desktops.
PROJECT_TYPE, LAYER_TYPE = "application/x-qgis-project-container", "application/x-qgis-layer-definition"


@require_safe
def project_file(request: HttpRequest) -> HttpResponse:
    """The whole project, with the layers that there are features of."""
    person = _person(request)
    site, catalogue = _site(request, person), catalogue_of(reader_of(person))
    editable = editing_catalogue(person) if person else None
    placed = [_placed(site, catalogue, editable, layer.key) for layer in catalogue]
    name = f"{slugify(settings.SITE_NAME) or 'gis-portal'}-{get_language()}"
    document = project(site, catalogue, [one for one in placed if one])
    return _answer(request, person, packed(document, name), PROJECT_TYPE, f"{name}.qgz")


@require_safe
def layer_file(request: HttpRequest, key: str) -> HttpResponse:
    """One layer, also one that is still empty for those who may add to it."""
    person = _person(request)
    site, catalogue = _site(request, person), catalogue_of(reader_of(person))
    placed = _placed(site, catalogue, editing_catalogue(person) if person else None, key)
    if placed is None:
        raise Http404(_("There is no layer “%(name)s”.") % {"name": key[:80]})
    return _answer(request, person, definition(placed), LAYER_TYPE, f"{placed.layer.key}-{get_language()}.qlr")


def _person(request: HttpRequest) -> User | None:
    user = request.user
    if request.GET.get("public") or isinstance(user, AnonymousUser) or not user.is_authenticated:
        return None
    return user


def _site(request: HttpRequest, person: User | None) -> Site:
    site = Site(request.build_absolute_uri("/").rstrip("/"))
    if person is None:
        return site
    service = request.GET.get("service", "wfs")
    if service not in ("wfs", "ogc"):
        raise BadInput(_("Layers are edited by “wfs” or “ogc”."), locator="service")
    authcfg = sources.configuration(request.GET.get("authcfg"), request.get_host())
    return replace(site, authcfg=authcfg, service=service)  # type: ignore[arg-type]  # checked just above


def _placed(site: Site, catalogue: Catalogue, editable: Catalogue | None, key: str) -> Placed | None:
    """The layer as the person edits it, else as they see it."""
    edited = editable.get(key) if editable else None
    layer = edited or catalogue.get(key)
    if layer is None:
        return None
    return Placed(layer, sources.features(site, layer, edited=edited is not None), edited is not None)


def _answer(request: HttpRequest, person: User | None, body: bytes, kind: str, name: str) -> HttpResponse:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache" if person else "no-cache"
    patch_vary_headers(response, ["Accept-Language", "Authorization", "Cookie"])
    return get_conditional_response(request, etag=tag, response=response)  # type: ignore[return-value]
