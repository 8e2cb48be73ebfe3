from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from gis_portal.ops import health
from registries.core import audit, chain


@pytest.fixture
def worker(db) -> None:
    beat(timezone.now())


def beat(at) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at])


def fail_a_job(at) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('q', 't', 'failed') RETURNING id"
        )
        job = cursor.fetchone()
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", job)
        cursor.execute("INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'failed', %s)", [*job, at])


def test_alive_asks_no_database(client):
    # Without the `db` mark every query fails the test.
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_names_each_part(client, worker):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "parts": {
            name: {"state": "ok", "detail": ""} for name in ("database", "migrations", "renderer", "queue", "audit")
        },
    }


def test_answers_are_not_cached(client, worker):
    assert "no-store" in client.get("/readyz")["Cache-Control"]


@pytest.mark.django_db
def test_without_a_worker_the_portal_is_degraded_but_serves(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["parts"]["queue"] == {"state": "degraded", "detail": "no worker seen"}


@pytest.mark.django_db
def test_a_worker_that_fell_silent_is_not_seen():
    beat(timezone.now() - timedelta(minutes=5))
    assert health.queue() == health.Part("degraded", "no worker seen")


def test_a_job_that_failed_today_shows(worker):
    fail_a_job(timezone.now())
    assert health.queue() == health.Part("degraded", "1 jobs failed in the last day")


def test_a_job_that_failed_last_week_is_history(worker):
    fail_a_job(timezone.now() - timedelta(days=7))
    assert health.queue() == health.OK


def test_a_missing_migration_fails_readiness(client, worker):
    MigrationRecorder(connection).record_unapplied("core", "0001_initial")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["migrations"] == {"state": "failed", "detail": "1 migrations are not applied"}


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_told_without_its_address(client, unreachable_database):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == {"state": "failed", "detail": "the database does not answer"}
    assert answer.json()["parts"]["renderer"]["state"] == "ok"
    assert "nowhere" not in answer.text


def test_an_audit_that_was_tampered_with_shows_until_it_verifies_again(worker, client):
    audit.record(None, "verify", "audit", position=7, digest="0" * 64, findings=2)
    told = client.get("/readyz").json()
    assert told["status"] == "degraded"
    assert told["parts"]["audit"]["detail"].startswith("2 findings")
    connection.check_constraints()
    chain.verify(lambda finding: None)
    assert client.get("/readyz").json()["status"] == "ok"
