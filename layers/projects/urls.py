from django.urls import path

from layers.projects import views

app_name = "projects"
urlpatterns = [
    path("ows/project.qgz", views.project_file, name="project"),
    path("ows/layers/<str:key>.qlr", views.layer_file, name="layer"),
]
