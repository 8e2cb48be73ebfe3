"""The portal with one page more: nothing but a map of differences and what its page hears and says."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from registries.core.errors import NotFound

PAGE = """{% extends "portal/base.html" %}{% load modules %}
{% block head %}{% import_map %}{% endblock %}
{% block content %}<main id="content" class="reading"><h1>Differences</h1>
{% include "portal/diffmap.html" with source=source features=features legend=legend label="Map of the changes." %}
</main>{% if geojson %}{{ geojson|json_script:"geojson" }}{% endif %}{% endblock %}
{% block scripts %}{% include "portal/diffmap_scripts.html" %}{% endblock %}"""
# What a page put into itself, by name.
FEATURES: dict[str, dict[str, object]] = {}


def page(request: HttpRequest, **context: object) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


def of_change_set(request: HttpRequest, number: int) -> HttpResponse:
    return page(request, source=f"/desk/changes/{number}/diff.json")


def of_address(request: HttpRequest) -> HttpResponse:
    return page(request, source=request.GET["source"])


def of_features(request: HttpRequest, name: str) -> HttpResponse:
    if name not in FEATURES:
        raise NotFound
    return page(request, features="geojson", geojson=FEATURES[name], legend=request.GET.get("legend", ""))


handler404 = "gis_portal.edge.errors.not_found"
urlpatterns = [
    path("shown/<int:number>/", of_change_set),
    path("shown/address/", of_address),
    path("shown/features/<str:name>/", of_features),
    path("", include("gis_portal.urls")),
]
