from django.urls import path, re_path

from layers.features import items, resources

app_name = "ogc"
urlpatterns = [
    # QGIS asks for the landing page without its slash.
    path("ogc/", resources.Landing.as_view(), name="landing"),
    re_path(r"^ogc$", resources.Landing.as_view()),
    path("ogc/conformance", resources.Conformance.as_view(), name="conformance"),
    path("ogc/api", resources.Definition.as_view(), name="api"),
    path("ogc/collections", resources.Collections.as_view(), name="collections"),
    path("ogc/collections/<str:key>", resources.Collection.as_view(), name="collection"),
    path("ogc/collections/<str:key>/items", items.items, name="items"),
    path("ogc/collections/<str:key>/items/<str:id>", items.item, name="item"),
]
