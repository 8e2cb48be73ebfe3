from django.urls import path

from layers.wfs.views import wfs, wfs_edit

urlpatterns = [path("ows/wfs", wfs, name="wfs"), path("ows/wfs/edit", wfs_edit, name="wfs-edit")]
