"""The job worker as the demo starts it: a process on the real queue that ends when it is told to."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from gis_portal.ops import health
from gis_portal.ops.archive import server
from tests.gis_portal.ops.test_metrics import values
from tests.own_database import own_database

WAIT_S = 60


@pytest.fixture(scope="module")
def worker(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator["subprocess.Popen[bytes]"]:
    """Warnings are errors in it too; what it says goes to the file that `stderr` names."""
    with own_database("worker", django_db_blocker):
        said = tmp_path_factory.mktemp("worker") / "stderr"
        environment = {
            **os.environ,
            "DATABASE_URL": psycopg.conninfo.make_conninfo(**server.parameters()),
            # A thread's connection to the database is kept for its next job, and closed by the end of the process.
            "PYTHONWARNINGS": "error,ignore::ResourceWarning",
        }
        command = [sys.executable, "manage.py", "procrastinate", "worker"]
        with said.open("wb") as stderr:
            process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stderr=stderr)
        process.said = said  # type: ignore[attr-defined]
        try:
            until(lambda: ProcrastinateWorker.objects.exists() or process.poll() is not None)
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline, f"It did not happen within {WAIT_S} s."
        time.sleep(0.1)


def status(job: int) -> str:
    return ProcrastinateJob.objects.get(pk=job).status


def test_a_running_worker_is_seen_and_does_its_jobs(worker):
    assert health.queue() == health.OK
    job = app.configure_task("gis_portal.tasks.clear_sessions").defer(timestamp=0)
    until(lambda: status(job) == "succeeded")


def test_a_job_that_gives_up_shows_in_readiness_and_metrics(worker, client):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('odd', 'no.such') RETURNING id")
        (job,) = cursor.fetchone()
    until(lambda: status(job) == "failed")
    assert client.get("/readyz").json()["parts"]["queue"]["state"] == "degraded"
    assert values(client.get("/metrics").text, "portal_jobs") == {(("queue", "odd"), ("status", "failed")): 1}


def test_the_worker_ends_when_told_to_and_has_warned_of_nothing(worker):
    worker.terminate()
    assert worker.wait(timeout=WAIT_S) == 0
    until(lambda: not ProcrastinateWorker.objects.exists())
    assert "Warning" not in worker.said.read_text()
