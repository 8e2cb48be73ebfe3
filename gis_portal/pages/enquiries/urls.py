"""Addresses of investors' enquiries."""

from django.urls import path

from gis_portal.pages.enquiries import ask, track

urlpatterns = [
    path("", track.index, name="enquiries"),
    path("new/", ask.new, name="enquiry-new"),
    path("<str:number>/", track.show, name="enquiry"),
    path("<str:number>/message/", track.write, name="enquiry-message"),
    path("<str:number>/withdraw/", track.withdraw, name="enquiry-withdraw"),
    path("<str:number>/delete/", track.delete, name="enquiry-delete"),
]
