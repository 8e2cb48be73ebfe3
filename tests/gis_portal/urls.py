"""Addresses that fail on purpose, beside the portal's own."""

from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from gis_portal import urls
from registries.core.errors import Conflict, FieldConflict, NotFound, Unavailable


class NoStaticFiles(StaticFilesStorage):
    def url(self, name: str | None) -> str:
        raise ValueError(f"Missing staticfiles manifest entry for {name!r}")


def lost(request: HttpRequest) -> HttpResponse:
    raise NotFound("There is no plot П-99.", locator="code", hint="Look at the list of plots.")


def away(request: HttpRequest) -> HttpResponse:
    raise Unavailable()


def contested(request: HttpRequest) -> HttpResponse:
    raise Conflict([FieldConflict("land.plot", "7", "name", "a", "b", "c")])


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("secret value 4711")


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body)


urlpatterns = [
    *urls.urlpatterns,
    path("test/lost", lost, name="lost"),
    path("test/away", away),
    path("test/contested", contested),
    path("test/broken", broken, name="broken"),
    path("test/echo", echo, name="echo"),
    path("test/sent", require_POST(echo)),
    path("ows/test", echo),
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
