"""What a signed-in person gets is for that person: no proxy on the way may keep it for the next one who asks."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control


class PersonalAnswersMiddleware:
    """`private, no-cache` (RFC 9111, 5.2.2) where a view looked at who asks and said nothing of caches itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and _is_personal(request):
            patch_cache_control(response, private=True, no_cache=True)
        return response


def _is_personal(request: HttpRequest) -> bool:
    # A session that no view read costs no query, and cannot have led to the answer.
    by_session = request.session.accessed and SESSION_KEY in request.session
    return by_session or getattr(request, "access_token", None) is not None
