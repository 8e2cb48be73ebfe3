"""When the worker looks for news of saved searches, and forgets those that nobody wants."""

from procrastinate.contrib.django import app

from gis_portal.pages.alerts import asking, telling
from registries.core.jobs import RETRY


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="tell_news", lock="tell_news", retry=RETRY)
def tell_news(timestamp: int) -> None:
    telling.tell_all()


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="forget_searches", retry=RETRY)
def forget_searches(timestamp: int) -> None:
    asking.forget()
