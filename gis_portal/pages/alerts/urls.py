from django.urls import path

from gis_portal.pages.alerts import views

urlpatterns = [
    path("new/", views.new, name="alert-new"),
    path("asked/", views.asked, name="alert-asked"),
    path("confirm/<str:secret>/", views.confirm, name="alert-confirm"),
    path("end/<str:secret>/", views.end, name="alert-end"),
]
