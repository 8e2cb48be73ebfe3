"""The API's descriptions of itself, as JSON for programs and as pages for people, through Django REST framework."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer, JSONRenderer, TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from layers.access import reader_of
from layers.catalogue import Catalogue, catalogue_of
from layers.features import describe, openapi
from layers.features.answers import described, finished
from layers.features.links import OPENAPI, address
from layers.features.parameters import RESOURCE, check
from layers.layer import Layer
from registries.core.errors import NotFound, RegistryError


class ByParameterOrHeader(BaseContentNegotiation):
    """`f` decides, then `Accept`; what is not served is answered with JSON rather than refused."""

    def select_parser(self, request: Request, parsers: Sequence[Any]) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        asked = request.query_params.get("f")
        for renderer in renderers:
            if asked == renderer.format:
                return renderer, renderer.media_type
        for accept in request.META.get("HTTP_ACCEPT", "").split(","):
            for renderer in renderers:
                if accept.partition(";")[0].strip() == renderer.media_type.partition(";")[0]:
                    return renderer, renderer.media_type
        return renderers[0], renderers[0].media_type


class PlainJSON(JSONRenderer):
    charset = None


class OpenAPIJSON(PlainJSON):
    media_type = OPENAPI


class PageForPeople(TemplateHTMLRenderer):
    template_name = "layers/ogc.html"

    def get_template_context(self, data: Any, renderer_context: Any) -> dict[str, Any]:
        return {"it": data, "site": settings.SITE_NAME}


class Resource(APIView):
    """A description; subclasses say what it tells."""

    authentication_classes = (SessionAuthentication,)
    permission_classes = (AllowAny,)
    renderer_classes: Sequence[type[BaseRenderer]] = (PlainJSON, PageForPeople)
    content_negotiation_class = ByParameterOrHeader

    def get(self, request: Request, **arguments: str) -> Response:
        check(request.query_params, RESOURCE, [renderer.format for renderer in self.renderer_classes])
        return Response(self.told(request, catalogue_of(reader_of(request.user)), **arguments))

    def told(self, request: Request, catalogue: Catalogue, **arguments: str) -> dict[str, Any]:
        raise NotImplementedError

    def handle_exception(self, exc: Exception) -> Response:
        if not isinstance(exc, RegistryError):
            return super().handle_exception(exc)
        body, status = described(exc)
        self.request.accepted_renderer = PlainJSON()
        self.request.accepted_media_type = PlainJSON.media_type
        return Response(body, status=status)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return finished(super().finalize_response(request, response, *args, **kwargs))


def layer_of(catalogue: Catalogue, key: str) -> Layer:
    layer = catalogue.get(key)
    if layer is None:
        raise NotFound(_("There is no collection “%(name)s”.") % {"name": key[:80]}, locator="collectionId")
    return layer


class Landing(Resource):
    def told(self, request: Request, catalogue: Catalogue, **arguments: str) -> dict[str, Any]:
        return describe.landing(request)


class Conformance(Resource):
    def told(self, request: Request, catalogue: Catalogue, **arguments: str) -> dict[str, Any]:
        return describe.conformance()


class Definition(Resource):
    renderer_classes = (OpenAPIJSON, PlainJSON)

    def told(self, request: Request, catalogue: Catalogue, **arguments: str) -> dict[str, Any]:
        return openapi.definition(catalogue, address(request, "landing"))


class Collections(Resource):
    def told(self, request: Request, catalogue: Catalogue, **arguments: str) -> dict[str, Any]:
        return describe.collections(request, catalogue)


class Collection(Resource):
    def told(self, request: Request, catalogue: Catalogue, **arguments: str) -> dict[str, Any]:
        return describe.collection(request, catalogue, layer_of(catalogue, arguments["key"]))
