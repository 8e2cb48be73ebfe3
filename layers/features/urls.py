from django.urls import path, re_path

from layers.features import edits, items, resources, styles, tilesets
from layers.features.answers import edge

app_name = "ogc"
COLLECTION = "ogc/collections/<str:key>"
GRID = "tiles/<str:grid>"
tile = edge(GET=tilesets.tile)
urlpatterns = [
    # QGIS asks for the landing page without its slash.
    path("ogc/", resources.Landing.as_view(), name="landing"),
    re_path(r"^ogc$", resources.Landing.as_view()),
    path("ogc/conformance", resources.Conformance.as_view(), name="conformance"),
    path("ogc/api", resources.Definition.as_view(), name="api"),
    path("ogc/functions", resources.Functions.as_view(), name="functions"),
    path("ogc/collections", resources.Collections.as_view(), name="collections"),
    path(COLLECTION, resources.Collection.as_view(), name="collection"),
    path(f"{COLLECTION}/queryables", resources.Queryables.as_view(), name="queryables"),
    path(f"{COLLECTION}/schema", resources.Schema.as_view(), name="schema"),
    path(f"{COLLECTION}/items", edge(allow=edits.on_items, GET=items.items, POST=edits.create), name="items"),
    path(
        f"{COLLECTION}/items/<str:id>",
        edge(allow=edits.on_item, GET=items.item, PUT=edits.replace, PATCH=edits.update, DELETE=edits.delete),
        name="item",
    ),
    path("ogc/tileMatrixSets", resources.Grids.as_view(), name="grids"),
    path("ogc/tileMatrixSets/<str:grid>", resources.Grid.as_view(), name="grid"),
    path("ogc/tiles", resources.Tilesets.as_view(), name="tilesets"),
    path(f"ogc/{GRID}", resources.Tileset.as_view(), name="tileset"),
    path(f"ogc/{GRID}/<str:z>/<str:row>/<str:column>", tile, name="tile"),
    path(f"{COLLECTION}/tiles", resources.Tilesets.as_view(), name="collection-tilesets"),
    path(f"{COLLECTION}/{GRID}", resources.Tileset.as_view(), name="collection-tileset"),
    path(f"{COLLECTION}/{GRID}/<str:z>/<str:row>/<str:column>", tile, name="collection-tile"),
    path("ogc/styles", resources.Styles.as_view(), name="styles"),
    path("ogc/styles/<str:style>", edge(GET=styles.document), name="style"),
    path("ogc/styles/<str:style>/metadata", resources.StyleMetadata.as_view(), name="style-metadata"),
]
