"""The map in a frame of other sites' pages, for those that the installation names: a page without header and panel."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal.pages.map import LIBRARY, config, themes
from gis_portal.pages.reading import reading
from gis_portal.templatetags.modules import loaded_with

FACTS = ("lang", "style", "tiles", "pick", "feature", "bounds", "basemap", "texts")


@require_safe
@gzip_page
def show(request: HttpRequest) -> HttpResponse:
    if not settings.EMBED_ORIGINS:
        return render(request, "portal/embed_off.html", status=403)
    with reading(request) as it:
        known = config(request)
        groups = themes(it.catalogue)
        facts: dict[str, Any] = {
            **{name: known[name] for name in FACTS},
            "themes": {group["key"]: [layer.key for layer, _classes in group["layers"]] for group in groups},
            "first": [group["key"] for group in groups if group["first_seen"]],
        }
        facts["texts"]["openPlot"] = _("Open in the portal")
        context = {
            "config": facts,
            "modules": loaded_with("embed"),
            "has_library": finders.find(LIBRARY) is not None,
            "reading": it,
        }
        response = render(request, "portal/embed.html", context)
    return framed(response)


def framed(response: HttpResponse) -> HttpResponse:
    """`response`, which the named sites may show in frames: there is nothing on it that a click could change."""
    everybody = "*" in settings.EMBED_ORIGINS
    ancestors = ["*"] if everybody else ["'self'", *settings.EMBED_ORIGINS]
    response._csp_replace = {"frame-ancestors": ancestors}  # type: ignore[attr-defined]
    response.xframe_options_exempt = True
    return response
