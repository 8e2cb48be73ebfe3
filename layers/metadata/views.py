"""Addresses of the records: one of each layer and service as XML, all together as DCAT. They hold what the reader may
see: what is closed does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from layers.access import reader_of
from layers.catalogue import Catalogue, catalogue_of
from layers.metadata import dcat, iso, services
from layers.metadata.records import LANGUAGES, Record
from layers.query import snapshot
from registries.core.errors import BadInput

XML_TYPE = "application/xml; charset=utf-8"
View = Callable[..., HttpResponse]
# The catalogue of one state of the registry, of which each takes half a second to make and half a megabyte to keep.
KEPT = 16
_kept: dict[tuple[object, ...], bytes] = {}


def published(view: View) -> View:
    """A view of the records: in the language asked for, open to scripts of any site, each reader seeing their own."""

    @require_safe
    @gzip_page
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with override(language_of(request)), snapshot():
            response = view(request, catalogue_of(reader_of(request.user)), *args, **kwargs)
            response["Content-Language"] = get_language() or ""
        response["Access-Control-Allow-Origin"] = "*"
        response["Cache-Control"] = "private, no-cache" if request.user.is_authenticated else "max-age=60"
        patch_vary_headers(response, ["Accept", "Accept-Language", "Cookie"])
        return response

    return shown


def language_of(request: HttpRequest) -> str:
    """By `lang` or INSPIRE's `LANGUAGE`, in two letters or three; else the one that the request has anyway."""
    given = {name.lower(): value.lower() for name, value in request.GET.dict().items()}
    asked = given.get("lang") or given.get("language") or ""
    known = {**{short: short for short in LANGUAGES}, **{code: short for short, code in LANGUAGES.items()}}
    return known.get(asked, get_language() or "bg")


def records_of(request: HttpRequest, catalogue: Catalogue) -> list[Record]:
    return [Record(catalogue, layer, request.build_absolute_uri) for layer in catalogue]


@published
def record(request: HttpRequest, catalogue: Catalogue, key: str) -> HttpResponse:
    """The record of one layer."""
    layer = catalogue.get(key)
    if layer is None:
        raise Http404(_("There is no layer “%(name)s”.") % {"name": key})
    return HttpResponse(iso.write(Record(catalogue, layer, request.build_absolute_uri)), content_type=XML_TYPE)


@published
def service(request: HttpRequest, catalogue: Catalogue, kind: str) -> HttpResponse:
    """The record of one service."""
    found = services.SERVICES.get(kind)
    if found is None:
        raise Http404(_("There is no service “%(name)s”.") % {"name": kind})
    body = services.write(found, records_of(request, catalogue), request.build_absolute_uri)
    return HttpResponse(body, content_type=XML_TYPE)


@published
def all_records(request: HttpRequest, catalogue: Catalogue) -> HttpResponse:
    """The catalogue as DCAT: the parameter `f` decides on its form, then the header Accept."""
    form = wanted(request)
    key = (form, request.build_absolute_uri("/"), catalogue.reader.token, sum(catalogue.numbers.values()))
    if key not in _kept:
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[key] = dcat.write(records_of(request, catalogue), request.build_absolute_uri, form)
    return HttpResponse(_kept[key], content_type=f"{dcat.FORMS[form][0]}; charset=utf-8")


def wanted(request: HttpRequest) -> str:
    asked = request.GET.get("f")
    if asked is None:
        names = {media_type: name for name, (media_type, _rdflib) in dcat.FORMS.items()}
        return names[request.get_preferred_type(list(names)) or next(iter(names))]
    if asked not in dcat.FORMS:
        raise BadInput(
            _("This format is not served."),
            locator="f",
            hint=_("Use one of: %(names)s.") % {"names": ", ".join(dcat.FORMS)},
        )
    return asked
