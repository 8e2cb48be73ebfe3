"""What the job worker does for change sets."""

from procrastinate.contrib.django import app

from registries.changes.schedule import publish_due
from registries.core.jobs import RETRY


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="publish_due", lock="publish_due", retry=RETRY)
def publish_scheduled(timestamp: int) -> None:
    """Publish the approved change sets whose time has come."""
    publish_due()
