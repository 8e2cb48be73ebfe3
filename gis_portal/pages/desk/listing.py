"""The desk's first page: what is mine, what waits for me, what was published lately, what I should know."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gis_portal.pages.desk.guard import for_staff


@require_safe
@for_staff
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/desk/index.html", {"page": "desk", "room": "desk"})
