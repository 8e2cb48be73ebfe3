"""Is the portal alive, and can it work? Load balancers and monitoring ask; answers name states and hold no secrets."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import Literal

from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob, ProcrastinateWorker

from registries.core import chain

# A worker writes its heartbeat each 10 s and counts as stalled after 30 s (procrastinate's defaults).
WORKER_SEEN_WITHIN = timedelta(seconds=60)
FAILURES_COUNT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """`degraded` tells that people are still served, `failed` that they are not."""

    state: Literal["ok", "degraded", "failed"]
    detail: str = ""


OK = Part("ok")


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is touched, so that a database outage does not restart web servers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Each part with its state; 503 when one that people need has failed."""
    parts = {name: _examined(examine) for name, examine in PARTS.items()}
    states = {part.state for part in parts.values()}
    status = next(state for state in ("failed", "degraded", "ok") if state in states)
    content = {"status": status, "parts": {name: asdict(part) for name, part in parts.items()}}
    return JsonResponse(content, status=503 if status == "failed" else 200)


def _examined(examine: Callable[[], Part]) -> Part:
    try:
        return examine()
    except DatabaseError:
        # The driver's message names hosts and users: it belongs in the log of whoever needs the database next.
        return Part("failed", "the database does not answer")


def database() -> Part:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def migrations() -> Part:
    missing = _known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    return Part("failed", f"{len(missing)} migrations are not applied") if missing else OK


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Read from the disk once: the code of a running process does not change."""
    return frozenset(MigrationLoader(None).graph.nodes)


def renderer() -> Part:
    try:
        # Imported here and by name: where Mapnik is missing, this part fails and the others still answer.
        probe = import_module("layers.maps.probe")
    except ImportError:
        return Part("failed", "Mapnik cannot be imported")
    return OK if probe.draws() else Part("failed", "Mapnik draws a wrong colour")


def queue() -> Part:
    """Degraded without a worker or with jobs that gave up lately: people are served, but follow-up work waits."""
    now = timezone.now()
    workers = ProcrastinateWorker.objects.filter(last_heartbeat__gte=now - WORKER_SEEN_WITHIN)
    if not workers.exists():
        return Part("degraded", "no worker seen")
    given_up = ProcrastinateEvent.objects.filter(type="failed", at__gte=now - FAILURES_COUNT_FOR).values("job_id")
    failed = ProcrastinateJob.objects.filter(status="failed", id__in=given_up).count()
    return Part("degraded", f"{failed} jobs failed in the last day") if failed else OK


def audit() -> Part:
    """As the latest verification found it: examining the whole chain takes longer than monitoring waits."""
    found = chain.last_verification()
    if found is None or not found.findings:
        return OK
    return Part("degraded", f"{found.findings} findings; `manage.py audit verify` tells them")


PARTS: dict[str, Callable[[], Part]] = {
    "database": database,
    "migrations": migrations,
    "renderer": renderer,
    "queue": queue,
    "audit": audit,
}
