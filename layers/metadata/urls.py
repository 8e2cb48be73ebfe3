from django.urls import path

from layers.metadata import views

app_name = "metadata"
urlpatterns = [
    path("metadata/services/<str:kind>.xml", views.service, name="service"),
    path("metadata/<str:key>.xml", views.record, name="iso"),
    path("dcat", views.all_records, name="dcat"),
]
