import os
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from gis_portal import tasks
from gis_portal.pages.plots import kept


def make_session(key: str, expires) -> None:
    Session.objects.create(session_key=key, session_data="", expire_date=expires)


@pytest.mark.django_db
def test_expired_sessions_go_and_valid_ones_stay():
    make_session("old", timezone.now() - timedelta(days=1))
    make_session("new", timezone.now() + timedelta(days=1))
    tasks.clear_sessions(timestamp=0)
    assert [session.session_key for session in Session.objects.all()] == ["new"]


def test_each_periodic_job_is_queued_once_however_long_the_worker_was_away():
    periodic = app.periodic_registry.periodic_tasks.values()
    assert {task.task.name for task in periodic} >= {
        "gis_portal.tasks.clear_sessions",
        "gis_portal.tasks.clear_jobs",
        "gis_portal.tasks.resume_stalled",
    }
    assert all(task.task.queueing_lock for task in periodic)


@pytest.mark.django_db
def test_a_job_joins_the_transaction_of_the_deed_that_it_follows():
    app.configure_task("gis_portal.tasks.clear_sessions").defer(timestamp=0)
    assert ProcrastinateJob.objects.get().task_name == "gis_portal.tasks.clear_sessions"
    connection.set_rollback(True)


def test_papers_that_nobody_asks_for_any_more_are_removed(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    kept.obtain("0" * 40 + ".pdf", lambda: b"content")
    os.utime(kept.folder() / ("0" * 40 + ".pdf"), (0, 0))
    tasks.clear_papers(timestamp=0)
    assert not list(kept.folder().glob("*.pdf"))
