"""What the job worker does for what lies near plots."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from registries.core.jobs import RETRY
from registries.serviceability import nearest

REBUILD = "registries.serviceability.tasks.rebuild"


@app.periodic(cron="50 0 * * *")
@app.task(name=REBUILD, queueing_lock="rebuild_nearest", retry=RETRY)
def rebuild(timestamp: int = 0) -> None:
    """All anew, so that what went past the door, such as a restored table, is found as well."""
    nearest.rebuild()


def after_catalogue(**_signal: Any) -> None:
    """Another audience of an asset type lets other lines be the nearest. Until the job has run, searches know less,
    never more: they leave out what the reader may not see.
    """
    transaction.on_commit(partial(_defer, REBUILD))


def _defer(name: str) -> None:
    try:
        app.configure_task(name).defer()
    except AlreadyEnqueued:
        # One run does for all changes before it.
        return
