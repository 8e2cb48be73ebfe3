"""What monitoring counts (Prometheus): requests in each web process, the queue and the change sets from the database.

Several web processes add up through files (`PROMETHEUS_MULTIPROC_DIR`, made by `gis_portal.serve`), so that it does not
matter which one is asked.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.db import Error as DatabaseError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from registries.changes.models import ChangeSet
from registries.core import chain
from registries.core.errors import NotAllowed

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
LOOPBACK = frozenset({"127.0.0.1", "::1"})

REQUESTS = Histogram(
    "portal_request_seconds",
    "Time until the answer starts, by view, method and status",
    ["view", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


class MetricsMiddleware:
    """Counts each request under the name of its view: an address would make a series of its own for each tile."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        view = match.view_name if match else "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(view, method, response.status_code).observe(time.perf_counter() - started)
        return response


def count_tile(status: int, seconds: float) -> None:
    """Counts a tile that was answered before Django, as the middleware counts the others."""
    REQUESTS.labels("tiles:tile", "GET", status).observe(seconds)


class DatabaseCollector(Collector):
    """What the database knows at the moment of asking; without a database `portal_database_up` says so."""

    def collect(self) -> Iterator[Metric]:
        try:
            found = [*_jobs(), *_change_sets(), *_audit()]
        except DatabaseError:
            found = []
        yield _gauge("portal_database_up", "Whether the database answers", [], [((), bool(found))])
        yield from found


def _jobs() -> Iterator[Metric]:
    unfinished = ProcrastinateJob.objects.filter(status__in=["todo", "doing", "failed"])
    counts = unfinished.values_list("queue_name", "status").annotate(Count("id")).order_by()
    yield _gauge(
        "portal_jobs",
        "Background jobs that wait, run or have given up",
        ["queue", "status"],
        ((row[:2], row[2]) for row in counts),
    )
    yield _gauge("portal_workers", "Job workers known to the queue", [], [((), ProcrastinateWorker.objects.count())])


def _change_sets() -> Iterator[Metric]:
    counts = ChangeSet.objects.values_list("state").annotate(Count("id")).order_by()
    text = "Change sets by state; publications are those published"
    yield _gauge("portal_change_sets", text, ["state"], ((row[:1], row[1]) for row in counts))


def _audit() -> Iterator[Metric]:
    found = chain.last_verification()
    values = [((), found.findings)] if found else []
    yield _gauge("portal_audit_findings", "What the latest verification of the audit found", [], values)
    moments = [((), found.at.timestamp())] if found else []
    yield _gauge("portal_audit_verified_timestamp_seconds", "When the audit was verified last", [], moments)


def _gauge(name: str, text: str, labels: list[str], values: Iterable[tuple[tuple[str, ...], float]]) -> Metric:
    metric = GaugeMetricFamily(name, text, labels=labels)
    for label_values, value in values:
        metric.add_metric(label_values, float(value))
    return metric


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format. Raises NotAllowed: for this machine, or with `Authorization: Bearer METRICS_TOKEN`."""
    if not (_is_local(request) or _has_token(request)):
        raise NotAllowed(_("Metrics are shown to this machine, or with the token of METRICS_TOKEN."))
    registry = CollectorRegistry()
    registry.register(DatabaseCollector())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)
    else:
        registry.register(REGISTRY)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_local(request: HttpRequest) -> bool:
    """A proxy on this machine speaks from the loopback address too, but tells for whom."""
    forwarded = any(name.lower().startswith(("x-forwarded-", "forwarded", "via")) for name in request.headers)
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not forwarded


def _has_token(request: HttpRequest) -> bool:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    known = settings.METRICS_TOKEN
    return bool(known) and scheme.lower() == "bearer" and constant_time_compare(token.strip(), known)
