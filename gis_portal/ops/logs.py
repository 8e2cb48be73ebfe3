"""One line for each event: JSON for machines in production, readable in the demo, with the request's id in each.

Neither addresses of people, nor who is signed in, nor query strings are logged: they hold personal data and tokens.
"""

import logging
import re
import sys
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

REQUEST_ID = "X-Request-ID"
SECRET = re.compile(r"[^/]{37,}|(?<=^/enquiries/)(?!new/)[^/]+")
_COMMON: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]
logger = structlog.stdlib.get_logger("portal.request")


def configuration(*, readable: bool) -> dict[str, Any]:
    """For `logging.config`: what the standard library and structlog say goes the same way to standard error."""
    renderers = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)]
        if readable
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    line = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _COMMON,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
    }
    # To the root's handler instead of one of their own.
    through_root = {"handlers": [], "level": "INFO", "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django": through_root,
            "gunicorn.error": through_root,
            # It would tell addresses of people and query strings.
            "gunicorn.access": {"level": "CRITICAL"},
            # In the demo's terminal hundreds of tiles would hide what went wrong.
            "portal.request": {"level": "WARNING" if readable else "INFO"},
            # The request's own line and `tell_failure` say more.
            "django.request": {"level": "CRITICAL"},
            # It would tell account names; failures and locks stand in the audit.
            "axes": {"level": "CRITICAL"},
            # Robots try all names; their requests end as 400.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # Each view of the catalogue has a configuration of its own, and every start would list all jobs.
            "mapproxy": {"level": "WARNING"},
            # Whoever reads or draws is told what went wrong; GEOS's words come with the error that Django raises.
            "pyogrio": {"level": "WARNING"},
            "django.contrib.gis": {"level": "CRITICAL"},
            "procrastinate.blueprints": {"level": "WARNING"},
            "procrastinate.periodic": {"level": "WARNING"},
        },
    }


def configure() -> None:
    """Lead structlog's own loggers into the standard library's, where `configuration` takes over."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_COMMON,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def tell_failure(request: HttpRequest, **signal: Any) -> None:
    """The traceback of whatever a view or an error page raised; Django's own logger leaves out those of error pages."""
    logger.exception("failure", method=request.method, path=told_path(request))


def told_path(request: HttpRequest) -> str:
    """Parts longer than any identifier are secrets: the links of outside reviewers, those to set a password.
    So is the number of an enquiry, which opens it.
    """
    return SECRET.sub("…", request.path)


def _level(status: int) -> int:
    return logging.ERROR if status >= 500 else logging.WARNING if status >= 400 else logging.INFO


class RequestLogMiddleware:
    """Gives each request an id, and tells its end in one line; people can quote the id, which their answer carries.

    The id stays bound until the thread's next request: a streamed answer still logs under it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        request_id = uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response[REQUEST_ID] = request_id
        level = _level(response.status_code)
        if logger.isEnabledFor(level):
            duration_ms = round((time.perf_counter() - started) * 1000, 1)
            told = {"method": request.method, "path": told_path(request), "status": response.status_code}
            logger.log(level, "request", **told, duration_ms=duration_ms)
        return response
