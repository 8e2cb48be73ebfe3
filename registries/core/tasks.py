"""What the job worker does for people, rights and the audit."""

from __future__ import annotations

import structlog
from procrastinate.contrib.django import app

from registries.core import chain
from registries.core.jobs import RETRY

logger = structlog.stdlib.get_logger("portal.audit")


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="verify_audit", retry=RETRY)
def verify_audit(timestamp: int) -> None:
    """The head goes to the log as well: logs are kept where nobody can shorten both them and the chain."""
    outcome = chain.verify(_tell)
    logger.info("audit verified", head=str(outcome.head), findings=outcome.findings)


def _tell(found: chain.Finding) -> None:
    logger.error("audit broken", kind=found.kind, position=found.position, entry=found.entry)
