"""What pages of this site may use of a device: the position, which the map asks for on a press; nothing else."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

REFUSED = (
    "accelerometer", "browsing-topics", "camera", "display-capture", "gyroscope", "magnetometer", "microphone", "midi",
    "payment", "usb",
)  # fmt: skip
POLICY = ", ".join(["geolocation=(self)", *(f"{feature}=()" for feature in REFUSED)])


def no_device_features(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Middleware: the header Permissions-Policy, so that a script that got in could not ask for more either."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response

    return middleware
