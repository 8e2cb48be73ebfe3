from django.urls import path

from gis_portal.pages.about import identity, offline, statements

urlpatterns = [
    path("privacy/", statements.privacy, name="privacy"),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("offline/", offline.page, name="offline"),
    path("sw.js", offline.worker, name="service-worker"),
    path("manifest.webmanifest", identity.manifest, name="manifest"),
    path("coat-of-arms", identity.arms, name="coat-of-arms"),
]
