"""REST for the portal's own staff pages and scripts: what the published services do not tell."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db.models.functions import Transform
from django.db.models import QuerySet
from rest_framework.authentication import SessionAuthentication
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.relations import SlugRelatedField
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_gis.fields import GeometryField
from rest_framework_gis.pagination import GeoJsonPagination
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from registries.changes import door
from registries.core import audit
from registries.core.models import Audience, History, User
from registries.core.records import registry_model
from registries.core.rights import rights_of


class SeesEverything(BasePermission):
    """History holds every column of every zone, so it is open only to those whose role counts everywhere."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return rights_of(request.user).audience >= Audience.INTERNAL


class VersionSerializer(GeoFeatureModelSerializer):
    """One published version as a GeoJSON feature (RFC 7946): in degrees, 8 digits, which is 1 mm."""

    shape = GeometryField(precision=8, allow_null=True)
    published_by = SlugRelatedField[User](slug_field="username", read_only=True)

    class Meta:
        model = History
        geo_field = "shape"
        id_field = False
        fields = ("object_id", "version", "period", "change_set_id", "published_by", "row")


class Versions(GeoJsonPagination):
    page_size = 50


class HistoryView(ListAPIView[History]):
    """`/api/history/{registry}/{id}/`: every published version of one object, the latest first, and its publisher."""

    authentication_classes = [SessionAuthentication]
    permission_classes = [SeesEverything]
    renderer_classes = [JSONRenderer]
    serializer_class = VersionSerializer
    pagination_class = Versions

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The names of publishers and the people in the rows are personal data."""
        response = super().get(request, *args, **kwargs)
        if isinstance(response.data, dict) and response.data.get("features"):
            registry = self.kwargs["registry"]
            what = ", ".join(["published_by", *registry_model(registry).personal])
            audit.saw(request.user, f"{registry} {self.kwargs['object_id']}", what)
        return response

    def get_queryset(self) -> QuerySet[History]:
        return door.history(self.kwargs["registry"], self.kwargs["object_id"]).annotate(shape=Transform("geom", 4326))
