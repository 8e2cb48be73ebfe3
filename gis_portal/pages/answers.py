"""How the map's own questions are answered: in JSON that no cache may keep. Errors are left to the site's edge."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from registries.core.errors import BadInput


def answers_json(view: Callable[..., dict[str, object]]) -> Callable[..., HttpResponse]:
    """The view's dictionary as JSON."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = JsonResponse(view(request, *args, **kwargs), json_dumps_params={"ensure_ascii": False})
        # Rights differ from reader to reader, and a publication must be seen at once.
        patch_cache_control(response, private=True, no_cache=True)
        return response

    return answered


def number(query: Mapping[str, str], name: str, low: float, high: float) -> float:
    """The query parameter `name`, a number between `low` and `high`. Raises BadInput."""
    try:
        value = float(query.get(name, ""))
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise BadInput(
            _("“%(name)s” must be a number between %(low)g and %(high)g.") % {"name": name, "low": low, "high": high},
            locator=name,
        )
    return value
