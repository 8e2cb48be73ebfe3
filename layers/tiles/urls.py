from django.urls import path

from layers.tiles import views

app_name = "tiles"
urlpatterns = [
    path("tiles/<str:tileset>/<str:revision>/<str:z>/<str:x>/<str:y>.mvt", views.tile, name="tile"),
    path("tiles/<str:tileset>.json", views.tilejson, name="tilejson"),
]
