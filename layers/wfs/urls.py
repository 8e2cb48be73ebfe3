from django.urls import path

from layers.wfs.views import wfs

urlpatterns = [path("ows/wfs", wfs, name="wfs")]
