"""What the job worker does for the whole site. Each app keeps its own jobs in `tasks.py`, found by procrastinate.

A job that gives up stays in the queue as failed, where `/readyz`, `/metrics` and the admin pages show it. Messages to
people are jobs too, kept with their words in `people.mail`; letters about saved searches in `pages.alerts`.
"""

from django.core.management import call_command
from procrastinate import JobContext
from procrastinate.contrib.django import app

from gis_portal.pages.alerts import jobs as alerts
from gis_portal.pages.plots import kept
from gis_portal.people import lockout, mail
from registries.core.jobs import RETRY

__all__ = ["alerts", "clear_jobs", "clear_sessions", "forget_failures", "mail", "resume_stalled"]
KEEP_DONE_H = 24
KEEP_FAILED_H = 30 * 24


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="clear_sessions", retry=RETRY)
def clear_sessions(timestamp: int) -> None:
    call_command("clearsessions")


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="clear_jobs", retry=RETRY, pass_context=True)
async def clear_jobs(context: JobContext, timestamp: int) -> None:
    """Those that succeeded after a day, those that failed after a month."""
    jobs = context.app.job_manager
    await jobs.delete_old_jobs(nb_hours=KEEP_DONE_H)
    await jobs.delete_old_jobs(
        nb_hours=KEEP_FAILED_H, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="resume_stalled", pass_context=True)
async def resume_stalled(context: JobContext, timestamp: int) -> None:
    """Give the jobs of a worker that died to another one."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        await jobs.retry_job(job)


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="clear_papers", retry=RETRY)
def clear_papers(timestamp: int) -> None:
    kept.clean(kept.KEPT_S, kept.MOST_BYTES)


@app.periodic(cron="30 3 * * *")
@app.task(queueing_lock="forget_failures", retry=RETRY)
def forget_failures(timestamp: int) -> None:
    lockout.forget_expired()
