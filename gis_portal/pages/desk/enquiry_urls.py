"""Addresses of the enquiries at the desk."""

from django.urls import path

from gis_portal.pages.desk import enquiries, enquiry

CASE = "<uuid:id>/"

urlpatterns = [
    path("", enquiries.board, name="desk-enquiries"),
    path("export.csv", enquiries.export, name="desk-enquiries-export"),
    path(CASE, enquiry.show, name="desk-enquiry"),
    *[path(f"{CASE}{step}/", enquiry.take, {"step": step}, name=f"desk-enquiry-{step}") for step in enquiry.STEPS],
    path("files/<uuid:id>/", enquiry.file, name="desk-enquiry-file"),
]
