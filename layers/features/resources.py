"""The API's descriptions of itself, as JSON for programs and as pages for people, through Django REST framework."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer, JSONRenderer, TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from layers.features import describe, formats, functions, openapi, schemas, styles, tilesets
from layers.features.answers import READING, MethodNotAllowed, finished, options, refused
from layers.features.asking import Asking, asking
from layers.features.links import address
from layers.features.parameters import RESOURCE, check
from registries.core.errors import RegistryError


class AsThePortalFound(BaseAuthentication):
    """Whom the portal's own edge has recognised (`gis_portal.edge.persons`), by session or by token."""

    def authenticate(self, request: Request) -> tuple[Any, None]:
        return request._request.user, None


class ByParameterOrHeader(BaseContentNegotiation):
    def select_parser(self, request: Request, parsers: Sequence[Any]) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        served = {renderer.format: renderer.media_type for renderer in renderers}
        wanted = formats.wanted(request._request, served)
        return next((one, one.media_type) for one in renderers if one.format == wanted)


class PlainJSON(JSONRenderer):
    charset = None

    def __init__(self, media_type: str) -> None:
        self.media_type = media_type


class PageForPeople(TemplateHTMLRenderer):
    def get_template_context(self, data: Any, renderer_context: Any) -> dict[str, Any]:
        return {"it": data, **renderer_context["kwargs"]}


class Resource(APIView):
    """A description; subclasses say what it tells, in which forms, and which page shows it."""

    authentication_classes = (AsThePortalFound,)
    permission_classes = (AllowAny,)
    content_negotiation_class = ByParameterOrHeader
    http_method_names = ["get", "head", "options"]
    served: Mapping[str, str] = formats.RESOURCE
    template_name = "ogc/resource.html"

    def get_renderers(self) -> list[BaseRenderer]:
        return [PageForPeople() if name == "html" else PlainJSON(form) for name, form in self.served.items()]

    def get(self, request: Request, **arguments: str) -> Response:
        check(request.query_params, RESOURCE)
        plain: HttpRequest = request._request
        return Response(self.told(plain, asking(plain), **arguments))

    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        raise NotImplementedError

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return options(request._request, ", ".join(READING))

    def http_method_not_allowed(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        raise MethodNotAllowed(hint=_("Use one of: %(names)s.") % {"names": ", ".join(READING)})

    def handle_exception(self, exc: Exception) -> Any:
        if not isinstance(exc, RegistryError):
            return super().handle_exception(exc)
        return refused(exc, ", ".join(READING) if isinstance(exc, MethodNotAllowed) else "")

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return finished(super().finalize_response(request, response, *args, **kwargs))


class Landing(Resource):
    template_name = "ogc/landing.html"

    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        return describe.landing(request)


class Conformance(Resource):
    template_name = "ogc/conformance.html"

    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        return describe.conformance()


class Definition(Resource):
    served = formats.DEFINITION
    template_name = "ogc/api.html"

    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        return openapi.definition(it, address(request, "landing"))


class Collections(Resource):
    template_name = "ogc/collections.html"

    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        return describe.collections(request, it)


class Collection(Resource):
    template_name = "ogc/collection.html"

    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        return describe.collection(request, it, it.layer(arguments["key"]))


class Queryables(Resource):
    served = formats.SCHEMAS
    template_name = "ogc/schema.html"

    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        key = arguments["key"]
        return schemas.queryable_schema(it.layer(key), address(request, "queryables", key))


class Schema(Resource):
    served = formats.SCHEMAS
    template_name = "ogc/schema.html"

    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        key = arguments["key"]
        return schemas.feature_schema(it.layer(key), address(request, "schema", key))


class Functions(Resource):
    template_name = "ogc/functions.html"

    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        return functions.listed(request)


class Grids(Resource):
    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        return tilesets.grids(request)


class Grid(Resource):
    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        return tilesets.grid(request, arguments["grid"])


class Tilesets(Resource):
    """Of the whole registry, or of one collection."""

    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        return tilesets.listed(request, it, arguments.get("key", ""))


class Tileset(Resource):
    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        return tilesets.described(request, it, arguments.get("key", ""), arguments["grid"])


class Styles(Resource):
    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        return styles.listed(request)


class StyleMetadata(Resource):
    def told(self, request: HttpRequest, it: Asking, **arguments: str) -> dict[str, Any]:
        return styles.described(request, it, arguments["style"])
